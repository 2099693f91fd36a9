package dev.fdpass.bench.soak;

import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Receives by all doors, in every way: waiting, with a timeout, and trying; with room for all, or for less. */
final class Receiver implements Closeable {
    private static final Duration TIMEOUT = Duration.ofMillis(1);
    private static final int MESSAGES = 12;

    /** What a receive found. */
    enum Found {
        SOMETHING,
        NOTHING,
        END
    }

    private enum Way {
        WAIT,
        TIMED,
        TRY
    }

    private final ScmSocket socket;
    private final SplittableRandom random;
    private final Fates fates;
    private final Counts counts;
    private final Assembly assembly;
    private final boolean mayWait;
    private final ScmMessage[] messages = new ScmMessage[MESSAGES];
    private final int[] rooms = new int[MESSAGES];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(Header.MAX_BYTES);
    private @Nullable ScmMessage uncleared;

    /**
     * A receiver.
     *
     * @param mayWait whether the end of the sender will wake it
     */
    Receiver(
            ScmSocket socket, SplittableRandom random, Fates fates, Counts counts, Assembly assembly, boolean mayWait) {
        this.socket = socket;
        this.random = random;
        this.fates = fates;
        this.counts = counts;
        this.assembly = assembly;
        this.mayWait = mayWait;
        for (int i = 0; i < MESSAGES; i++) {
            rooms[i] = i < 3 ? ScmMessage.SCM_MAX_FDS : Sizes.room(random);
            messages[i] = ScmMessage.allocate(Sizes.byteRoom(random, assembly.leastRoom()), rooms[i]);
        }
    }

    /** Receives once, in a random way. */
    Found receive() throws IOException {
        return receive(Way.values()[random.nextInt(mayWait ? 0 : 1, Way.values().length)]);
    }

    /** Receives once, if that goes without waiting. */
    Found tryReceive() throws IOException {
        return receive(Way.TRY);
    }

    private Found receive(Way way) throws IOException {
        socket.setReceiveTimeout(way == Way.TIMED ? TIMEOUT : Duration.ZERO);
        try {
            return switch (random.nextInt(way == Way.TRY ? 4 : 6)) {
                case 0, 1 -> intoReusable(way);
                case 2, 3 -> intoNew(way);
                case 4 -> intoBuffers();
                default -> socket instanceof UnixStream stream ? readPlainly(stream) : intoBuffers();
            };
        } catch (SocketTimeoutException e) {
            counts.timeouts.increment();
            return Found.NOTHING;
        }
    }

    private Found intoReusable(Way way) throws IOException {
        int chosen = random.nextInt(MESSAGES);
        ScmMessage message = messages[chosen];
        if (uncleared != null && uncleared != message) {
            uncleared.clear(); // else the receive does
        }
        uncleared = message;
        TryResult result = way == Way.TRY
                ? socket.tryReceive(message)
                : socket.receive(message) ? TryResult.DONE : TryResult.END_OF_STREAM;
        if (result != TryResult.DONE) {
            return result == TryResult.END_OF_STREAM ? Found.END : nothing();
        }
        Settled settled = fates.settle(rooms[chosen], message.fdCount(), message.isControlTruncated(), message::takeFd);
        assembly.add(message.payload(), message.packetBytes(), message.isPayloadTruncated(), settled);
        if (random.nextBoolean()) {
            message.clear();
        }
        return Found.SOMETHING;
    }

    private Found intoNew(Way way) throws IOException {
        int maxBytes = Sizes.byteRoom(random, assembly.leastRoom());
        int room = Sizes.room(random);
        if (way != Way.TRY) {
            try (Received received = socket.receive(maxBytes, room)) {
                return add(received, received.data(), room);
            }
        }
        Optional<Received> came = socket.tryReceive(maxBytes, room);
        if (came.isEmpty()) {
            return nothing();
        }
        try (Received received = came.get()) {
            return add(received, received.data(), room);
        }
    }

    private Found intoBuffers() throws IOException {
        int maxBytes = Sizes.byteRoom(random, assembly.leastRoom());
        int room = Sizes.room(random);
        int cut = random.nextInt(maxBytes + 1);
        ByteBuffer[] buffers = {direct.slice(0, cut), direct.slice(cut, maxBytes - cut)};
        try (Received received = socket.receive(buffers, room)) {
            return add(received, direct.slice(0, Math.max(0, received.bytes())), room);
        }
    }

    private Found add(Received received, ByteBuffer data, int room) throws IOException {
        if (received.isEndOfStream()) {
            return Found.END;
        }
        Settled settled = fates.settle(room, received.fdCount(), received.isControlTruncated(), received::takeFd);
        assembly.add(data, received.packetBytes(), received.isPayloadTruncated(), settled);
        return Found.SOMETHING;
    }

    /** Reads bytes without asking for descriptors: the library closes what comes with them, and says how many. */
    private Found readPlainly(UnixStream stream) throws IOException {
        long before = stream.unexpectedFds();
        ByteBuffer data = direct.slice(0, Sizes.byteRoom(random, assembly.leastRoom()));
        if (stream.read(data) < 0) {
            return Found.END;
        }
        int closed = (int) (stream.unexpectedFds() - before);
        counts.closed.add(closed);
        data.flip();
        assembly.add(data, data.remaining(), false, new Settled(ScmMessage.SCM_MAX_FDS, closed, false, -1, ""));
        return Found.SOMETHING;
    }

    private Found nothing() {
        counts.wouldBlock.increment();
        Thread.onSpinWait();
        return Found.NOTHING;
    }

    @Override
    public void close() {
        for (ScmMessage message : messages) {
            message.close();
        }
    }
}
