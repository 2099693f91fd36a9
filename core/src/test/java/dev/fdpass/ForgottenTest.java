package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForgottenTest {

    private final Logger logger = Logger.getLogger("dev.fdpass");
    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName(
            "L04: a received message that nobody closes is closed by the cleaner, which says where it was received")
    void received(SocketType type) throws Exception {
        try (Memfds files = new Memfds(5);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            int before = OpenFiles.count();
            pair.first().send(ByteBuffer.allocate(1), files.first(5));
            receiveAndForget(pair.second(), before);
            awaitOpen(before);
            awaitRecord("4 descriptor(s) of a message", pair.second());
        }
    }

    private static void receiveAndForget(ScmSocket socket, int before) throws IOException {
        Received received = socket.receive(1, 5);
        received.takeFd(2).close();
        assertThat(OpenFiles.count()).isEqualTo(before + 4);
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L04: so is a reusable message")
    void message(SocketType type) throws Exception {
        try (Memfds files = new Memfds(3);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            int before = OpenFiles.count();
            pair.first().send(ByteBuffer.allocate(1), files.first(3));
            receiveIntoMessageAndForget(pair.second(), before);
            awaitOpen(before);
            awaitRecord("3 descriptor(s) of a message", pair.second());
        }
    }

    private static void receiveIntoMessageAndForget(ScmSocket socket, int before) throws IOException {
        ScmMessage message = ScmMessage.allocate(1, 3);
        socket.receive(message);
        assertThat(OpenFiles.count()).isEqualTo(before + 3);
    }

    @Test
    @DisplayName("L04: so are a frame, a reusable one, and a channel with a frame that is not whole yet")
    void frames() throws Exception {
        try (Memfds files = new Memfds(3);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel sender = FramedChannel.over(pair.first())) {
            int before = OpenFiles.count();
            sender.send(ByteBuffer.allocate(1), files.first(3));
            sender.send(ByteBuffer.allocate(1), files.first(3));
            pair.first().send(ByteBuffer.wrap(new byte[] {'F', 'd'}), files.first(3));
            receiveFramesAndForget(pair.second(), before);
            awaitOpen(before);
            awaitRecord("2 descriptor(s) of a message", pair.second());
            awaitRecord("3 descriptor(s) of a message", pair.second());
        }
    }

    private static void receiveFramesAndForget(UnixStream socket, int before) throws IOException {
        FramedChannel channel = FramedChannel.over(socket);
        Frame frame = channel.receive();
        frame.takeFd(1).close();
        channel.receive(FrameMessage.allocate(1));
        assertThat(channel.tryReceive()).isEmpty();
        assertThat(OpenFiles.count()).isEqualTo(before + 2 + 3 + 3);
    }

    @Test
    @DisplayName("L04: so is a descriptor that was taken, or opened, and so is a socket")
    void descriptorsAndSockets() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            int before = OpenFiles.count();
            pair.first().send(ByteBuffer.allocate(1), files.get(0));
            forgetDescriptorsAndSockets(pair.second(), before);
            awaitOpen(before);
            awaitRecord("descriptor", pair.second());
            awaitRecord("opened " + Path.of("/dev/null"));
            awaitRecord("opened as one of a pair, stream socket");
            awaitRecord("opened as a datagram socket");
        }
    }

    private static void forgetDescriptorsAndSockets(ScmSocket socket, int before) throws IOException {
        try (Received received = socket.receive(1, 1)) {
            received.takeFd(0);
        }
        OwnedFd.open(Path.of("/dev/null"));
        UnixStream.pair();
        UnixDatagram.bind(UnixAddress.unnamed());
        assertThat(OpenFiles.count()).isEqualTo(before + 5);
    }

    @Test
    @DisplayName("L04: what was closed, taken or empty is no news")
    void nothingToSay() throws Exception {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            // What an earlier test forgot is closed, but the cleaner may still be about to tell.
            forgetOne();
            awaitRecord("opened /dev/null");
            records.clear();

            pair.first().send(ByteBuffer.allocate(1), files.first(2));
            pair.first().send(ByteBuffer.allocate(1));
            pair.first().send(ByteBuffer.allocate(1), files.first(2));
            useProperly(pair.second());
            // Something else that is forgotten shows that the cleaner has been at work.
            forgetOne();
            awaitRecord("opened /dev/null");
            assertThat(records).hasSize(1);
        }
    }

    private static void useProperly(ScmSocket socket) throws IOException {
        Received taken = socket.receive(1, 2);
        for (OwnedFd fd : taken.takeFds()) {
            fd.close();
        }
        socket.receive(1, 2);
        try (ScmMessage message = ScmMessage.allocate(1, 2)) {
            socket.receive(message);
        }
        OwnedFd.open(Path.of("/dev/null")).close();
    }

    private static void forgetOne() throws IOException {
        OwnedFd.open(Path.of("/dev/null"));
    }

    private static void awaitOpen(int expected) throws InterruptedException {
        Waiting.soon(() -> {
            System.gc();
            return OpenFiles.count() == expected;
        });
        assertThat(OpenFiles.count())
                .as("descriptors open after the collector came by")
                .isEqualTo(expected);
    }

    private void awaitRecord(String what, ScmSocket from) throws InterruptedException {
        awaitRecord(
                what,
                "received over " + from.getClass().getSimpleName() + " fd "
                        + from.asFd().number());
    }

    private void awaitRecord(String... parts) throws InterruptedException {
        Waiting.soon(() -> {
            System.gc();
            return hasRecord(parts);
        });
        assertThat(records)
                .as(
                        "a warning with %s among %s",
                        String.join(", ", parts),
                        records.stream().map(LogRecord::getMessage).toList())
                .anySatisfy(record -> {
                    assertThat(record.getLevel()).isEqualTo(Level.WARNING);
                    assertThat(record.getMessage()).contains(parts).contains("never closed");
                });
    }

    private boolean hasRecord(String... parts) {
        return records.stream().anyMatch(record -> {
            for (String part : parts) {
                if (!record.getMessage().contains(part)) {
                    return false;
                }
            }
            return true;
        });
    }
}
