package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.OwnFiles;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Workers;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once on few descriptors: threads send, receive, take, leave, detach and adopt, run into timeouts and
 * interrupts, while others close the sockets and the files that are being sent under their hands; and the JDK opens and
 * closes files as fast as it can, so that each number means another file as soon as it is free.
 *
 * <p>Runs for three seconds, or {@code -Dfdpass.stress.seconds=600}, and until everything has happened.
 */
@DisplayName("L01 L02 S08: whatever is closed under whoever uses it, nobody meets a file that has got the number since")
class ReusedNumbersTest {
    private static final int SECONDS = Integer.getInteger("fdpass.stress.seconds", 3);
    private static final int MAX_FDS = 4;
    private static final Duration TIMEOUT = Duration.ofMillis(1);

    enum Event {
        MESSAGE_SENT,
        FD_SENT,
        SENT_FD_WAS_CLOSED,
        MESSAGE_RECEIVED,
        FD_RECEIVED,
        FD_TRUNCATED,
        FD_TAKEN,
        FD_LEFT,
        FD_DETACHED_AND_ADOPTED,
        FD_SENT_ON,
        TIMED_OUT,
        INTERRUPTED,
        CLOSED_UNDER_USE,
        PEER_GONE,
        CONNECTION_REPLACED,
        FILE_REPLACED,
        FILE_DETACHED,
        FOREIGN_OPENED,
        FOREIGN_CLOSED
    }

    private static final List<SocketType> TYPES = List.of(SocketType.values());

    /** Errors of a socket whose other end was closed. */
    private static final Set<String> GONE = Set.of("EPIPE", "ECONNRESET", "ECONNREFUSED", "ENOTCONN");

    @TempDir
    private Path directory;

    private OwnFiles files;
    private final List<AtomicReference<SocketPair<? extends ScmSocket>>> connections = new ArrayList<>();
    private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
    private final Workers workers = new Workers();

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES) // for -Dfdpass.stress.seconds
    void underLoad() throws Exception {
        files = new OwnFiles(6);
        for (Event event : Event.values()) {
            events.put(event, new LongAdder());
        }
        for (SocketType type : TYPES) {
            connections.add(new AtomicReference<>(connect(type)));
        }
        Thread sender = workers.start("sender", this::send);
        Thread receiver = workers.start("receiver", this::receiveIntoReceived);
        Thread messageReceiver = workers.start("receiver with a message", this::receiveIntoMessage);
        workers.start("sender and receiver", this::sendAndReceive);
        workers.start("interrupter", random -> {
            List.of(sender, receiver, messageReceiver).get(random.nextInt(3)).interrupt();
            pause(random, 2_000_000);
        });
        workers.start("closer of sockets", this::replaceConnection);
        workers.start("closer of files", this::replaceFile);
        for (int i = 0; i < 2; i++) {
            Foreign foreign = new Foreign(directory.resolve("foreign" + i), "foreign " + i);
            workers.start(foreign.content, foreign::openAndClose, foreign::closeAll);
        }
        workers.runFor(Duration.ofSeconds(SECONDS), this::haveAllHappened, () -> events.toString());

        for (AtomicReference<SocketPair<? extends ScmSocket>> connection : connections) {
            connection.get().close();
        }
        files.closeAndAssertGone();
        assertCountsAddUp();
    }

    private boolean haveAllHappened() {
        return events.values().stream().allMatch(count -> count.sum() > 0);
    }

    private void assertCountsAddUp() {
        assertThat(events)
                .allSatisfy((event, count) ->
                        assertThat(count.sum()).as("%s in %s", event, events).isPositive());
        assertThat(count(Event.FD_TAKEN) + count(Event.FD_LEFT)).isEqualTo(count(Event.FD_RECEIVED));
        assertThat(count(Event.FD_RECEIVED) + count(Event.FD_TRUNCATED)).isLessThanOrEqualTo(count(Event.FD_SENT));
        assertThat(count(Event.FOREIGN_CLOSED)).isEqualTo(count(Event.FOREIGN_OPENED));
    }

    private void count(Event event, int times) {
        events.get(event).add(times);
    }

    private long count(Event event) {
        return events.get(event).sum();
    }

    private static SocketPair<? extends ScmSocket> connect(SocketType type) throws IOException {
        SocketPair<? extends ScmSocket> pair = type.pair();
        for (ScmSocket socket : List.of(pair.first(), pair.second())) {
            socket.setSendTimeout(TIMEOUT);
            socket.setReceiveTimeout(TIMEOUT);
        }
        return pair;
    }

    /** One that is open, or was a moment ago: who finds it closed makes another. */
    private SocketPair<? extends ScmSocket> anyConnection(Random random) throws IOException {
        int index = random.nextInt(connections.size());
        SocketPair<? extends ScmSocket> pair = connections.get(index).get();
        if (pair.first().isOpen() && pair.second().isOpen()) {
            return pair;
        }
        SocketPair<? extends ScmSocket> another = connect(TYPES.get(index));
        // The loser closes what it has made, the winner what was there.
        (connections.get(index).compareAndSet(pair, another) ? pair : another).close();
        return connections.get(index).get();
    }

    private static void pause(Random random, int maxNanos) {
        LockSupport.parkNanos(random.nextInt(maxNanos));
    }

    // ---- Who uses

    /** A call that others may end. */
    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (ClosedByInterruptException e) {
            assertThat(Thread.interrupted()).isTrue();
            count(Event.INTERRUPTED, 1);
        } catch (ClosedChannelException e) {
            count(Event.CLOSED_UNDER_USE, 1);
        } catch (SocketTimeoutException e) {
            count(Event.TIMED_OUT, 1);
        } catch (ErrnoException e) {
            if (!GONE.contains(e.name())) {
                throw e;
            }
            count(Event.PEER_GONE, 1);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is closed; it must stay open until it is sent");
            count(Event.SENT_FD_WAS_CLOSED, 1);
        }
    }

    /** A message says in its bytes which files come with it. */
    private void send(Random random) throws IOException {
        int count = 1 + random.nextInt(MAX_FDS);
        byte[] indexes = new byte[count];
        AsFd[] fds = new AsFd[count];
        for (int i = 0; i < count; i++) {
            indexes[i] = (byte) random.nextInt(files.count());
            fds[i] = files.get(indexes[i]);
        }
        attempt(() -> {
            anyConnection(random).first().send(ByteBuffer.wrap(indexes), fds);
            count(Event.MESSAGE_SENT, 1);
            count(Event.FD_SENT, count);
        });
    }

    private void receiveIntoReceived(Random random) throws IOException {
        attempt(() -> {
            int room = random.nextInt(MAX_FDS + 1);
            try (Received received = anyConnection(random).second().receive(MAX_FDS, room)) {
                if (received.isEndOfStream()) {
                    count(Event.PEER_GONE, 1);
                    return;
                }
                byte[] indexes = new byte[received.data().remaining()];
                received.data().get(indexes);
                arrived(indexes, received.fdCount(), room, received.isControlTruncated());
                for (int i = 0; i < received.fdCount(); i++) {
                    if (random.nextInt(3) == 0) {
                        count(Event.FD_LEFT, 1);
                    } else {
                        taken(received.takeFd(i), indexes[i], random);
                    }
                }
            }
        });
    }

    private void receiveIntoMessage(Random random) throws IOException {
        int room = random.nextInt(MAX_FDS + 1);
        try (ScmMessage message = ScmMessage.allocate(MAX_FDS, room)) {
            for (int round = 0; round < 20; round++) {
                attempt(() -> receiveInto(message, room, random));
            }
        }
    }

    private void receiveInto(ScmMessage message, int room, Random random) throws IOException {
        if (!anyConnection(random).second().receive(message)) {
            count(Event.PEER_GONE, 1);
            return;
        }
        byte[] indexes = new byte[message.payload().remaining()];
        message.payload().get(indexes);
        arrived(indexes, message.fdCount(), room, message.isControlTruncated());
        for (int i = 0; i < message.fdCount(); i++) {
            if (random.nextInt(3) == 0) {
                count(Event.FD_LEFT, 1);
            } else {
                taken(message.takeFd(i), indexes[i], random);
            }
        }
    }

    private void sendAndReceive(Random random) throws IOException {
        if (random.nextBoolean()) {
            send(random);
        } else {
            receiveIntoReceived(random);
        }
    }

    private void arrived(byte[] indexes, int fds, int room, boolean isTruncated) {
        assertThat(fds).isEqualTo(Math.min(indexes.length, room));
        assertThat(isTruncated).isEqualTo(indexes.length > room);
        count(Event.MESSAGE_RECEIVED, 1);
        count(Event.FD_RECEIVED, fds);
        count(Event.FD_TRUNCATED, indexes.length - fds);
    }

    /** A descriptor that this thread owns now: is it that file, and does it stay so on its further ways? */
    private void taken(OwnedFd fd, int index, Random random) throws IOException {
        count(Event.FD_TAKEN, 1);
        try (fd) {
            files.assertIs(index, fd);
            switch (random.nextInt(3)) {
                case 0 -> {
                    try (OwnedFd adopted = OwnedFd.adopt(fd.detach())) {
                        count(Event.FD_DETACHED_AND_ADOPTED, 1);
                        files.assertIs(index, adopted);
                    }
                }
                case 1 ->
                    attempt(() -> {
                        anyConnection(random).first().send(ByteBuffer.wrap(new byte[] {(byte) index}), fd);
                        count(Event.MESSAGE_SENT, 1);
                        count(Event.FD_SENT, 1);
                        count(Event.FD_SENT_ON, 1);
                    });
                default -> {}
            }
        }
    }

    // ---- Who closes

    private void replaceConnection(Random random) throws IOException {
        int index = random.nextInt(connections.size());
        SocketPair<? extends ScmSocket> old = connections.get(index).getAndSet(connect(TYPES.get(index)));
        if (random.nextBoolean()) {
            old.first().close();
            old.second().close();
        } else {
            old.close();
        }
        count(Event.CONNECTION_REPLACED, 1);
        pause(random, 1_000_000);
    }

    private void replaceFile(Random random) throws IOException {
        int index = random.nextInt(files.count());
        try (OwnedFd old = files.replace(index)) {
            count(Event.FILE_REPLACED, 1);
            if (random.nextBoolean()) {
                try (OwnedFd adopted = OwnedFd.adopt(old.detach())) {
                    count(Event.FILE_DETACHED, 1);
                    files.assertIs(index, adopted);
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("in use by another thread");
                }
            }
        }
        pause(random, 20_000);
    }

    // ---- Who is not concerned

    /** A file that the JDK opens again and again, of which nobody else knows. */
    private final class Foreign {
        private final Path path;
        private final String content;
        private final Deque<FileChannel> open = new ArrayDeque<>();

        Foreign(Path path, String content) throws IOException {
            this.path = path;
            this.content = content;
            Files.writeString(path, content);
        }

        void openAndClose(Random random) throws IOException {
            if (open.size() < 1 + random.nextInt(8)) {
                open.addLast(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
                count(Event.FOREIGN_OPENED, 1);
            } else {
                closeOne();
            }
        }

        private void closeOne() throws IOException {
            try (FileChannel channel = open.removeFirst()) {
                // Its own still, and with the position of a file that nobody has read from or written to.
                assertThat(channel.position()).isZero();
                ByteBuffer bytes = ByteBuffer.allocate(content.length() + 1);
                assertThat(channel.read(bytes)).isEqualTo(content.length());
                assertThat(new String(bytes.array(), 0, content.length(), UTF_8))
                        .isEqualTo(content);
            }
            count(Event.FOREIGN_CLOSED, 1);
        }

        void closeAll() throws IOException {
            while (!open.isEmpty()) {
                closeOne();
            }
        }
    }
}
