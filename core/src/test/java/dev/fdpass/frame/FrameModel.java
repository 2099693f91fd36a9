package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.testing.Memfds;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One connection with random frames in random pieces, some of which never come, and what must arrive of it. The sender and the
 * receiver take random turns on one thread, so that a case is the same each time that it is run.
 */
final class FrameModel {
    /** Distinct files to send. */
    static final int FILES = 40;

    /** What happens on the way. */
    enum Disturbance {
        NONE,
        /** The sender stops in the middle of the bytes. */
        TRUNCATED,
        /** A frame says another number of descriptors than it has. */
        WRONG_COUNT,
        /** A frame has more bytes than the receiver allows. */
        TOO_LARGE,
        /** Bytes that are no frame come between two. */
        NONSENSE,
        /** The receiver closes before all have come. */
        CLOSED
    }

    /** What became of what. */
    static final class Counts {
        long framesSent;
        long framesReceived;
        long fdsSent;
        /** By who received the frame. */
        long fdsTaken;
        /** In a frame that was received, and closed with it. */
        long fdsLeft;
        /** With what was cut, or never received. */
        long fdsClosed;

        long pieces;
        long timeouts;

        void add(Counts other) {
            framesSent += other.framesSent;
            framesReceived += other.framesReceived;
            fdsSent += other.fdsSent;
            fdsTaken += other.fdsTaken;
            fdsLeft += other.fdsLeft;
            fdsClosed += other.fdsClosed;
            pieces += other.pieces;
            timeouts += other.timeouts;
        }

        @Override
        public String toString() {
            return framesSent + " frames in " + pieces + " pieces, " + framesReceived + " received; " + fdsSent
                    + " descriptors = " + fdsTaken + " taken + " + fdsLeft + " closed with their frame + " + fdsClosed
                    + " of no frame; " + timeouts + " timeouts";
        }
    }

    /** A piece of the byte stream, as one send. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Piece(byte[] bytes, AsFd[] fds) {}

    /** A frame as it must arrive: the files are consecutive ones, from one on. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Content(byte[] bytes, int firstFile, int fds) {}

    private final Random random;
    private final Memfds files;
    private final Wire wire;
    private final FrameLimits limits;
    private final Disturbance disturbance;
    private final boolean bothAreChannels;
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private final List<Content> contents = new ArrayList<>();
    private final Queue<Content> expected = new ArrayDeque<>();
    private final Counts counts = new Counts();

    FrameModel(Random random, Memfds files) {
        this.random = random;
        this.files = files;
        wire = any(List.of(Wire.values()));
        disturbance = any(List.of(Disturbance.values()));
        bothAreChannels = disturbance == Disturbance.NONE && random.nextBoolean();
        limits = FrameLimits.DEFAULT
                .maxBytes(20_000)
                .maxFds(700)
                .maxBufferedBytes(random.nextBoolean() ? 16 + random.nextInt(500) : 1 << 16);
        int frames = random.nextInt(12);
        for (int i = 0; i < frames; i++) {
            contents.add(content(i));
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    Counts counts() {
        return counts;
    }

    Disturbance disturbance() {
        return disturbance;
    }

    @Override
    public String toString() {
        return wire + ", " + disturbance + (bothAreChannels ? ", two channels" : "") + ", " + contents.size()
                + " frames, " + limits;
    }

    private Content content(int number) {
        int fds = switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> 0;
            case 4 -> wire == Wire.NUL ? 253 : 200 + random.nextInt(400);
            default -> random.nextInt(6);
        };
        int more = random.nextInt(4) == 0 ? random.nextInt(19_000) : random.nextInt(200);
        return new Content(Wire.content(number, fds, more), random.nextInt(FILES), fds);
    }

    private AsFd[] fds(int first, int count) {
        AsFd[] fds = new AsFd[count];
        for (int i = 0; i < count; i++) {
            fds[i] = files.get((first + i) % FILES);
        }
        return fds;
    }

    void run() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing(), limits)) {
            if (random.nextBoolean()) {
                long set = peer.asFd()
                        .use(number ->
                                SocketOptions.set(number, SocketConstants.SO_SNDBUF, 4096 + random.nextInt(9000)));
                assertThat(set).isZero();
            }
            channel.setReceiveTimeout(Duration.ofNanos(1000));
            if (bothAreChannels) {
                try (FramedChannel sender = FramedChannel.over(peer, wire.framing(), limits)) {
                    runChannels(sender, channel);
                }
            } else {
                runPieces(peer, channel);
            }
        }
        counts.fdsClosed = counts.fdsSent - counts.fdsTaken - counts.fdsLeft;
        if (disturbance != Disturbance.CLOSED) {
            assertThat(expected).as("frames that did not arrive").isEmpty();
        }
        if (disturbance == Disturbance.NONE) {
            assertThat(counts.fdsClosed).as("descriptors of no frame").isZero();
        }
    }

    // ---- Two channels

    private void runChannels(FramedChannel sender, FramedChannel receiver) throws IOException {
        try (FrameMessage message = FrameMessage.allocate(30_000);
                FrameMessage in = FrameMessage.allocate(random.nextInt(100))) {
            for (Content content : contents) {
                message.clear();
                message.data().put(content.bytes());
                for (AsFd fd : fds(content.firstFile(), content.fds())) {
                    message.addFd(fd);
                }
                expected.add(content);
                counts.framesSent++;
                counts.fdsSent += content.fds();
                counts.pieces++;
                while (!sender.trySend(message)) {
                    counts.pieces++;
                    receiveSome(receiver, in);
                }
            }
            sender.shutdownOutput();
            receiveToTheEnd(receiver, in, null);
        }
    }

    // ---- A raw peer

    private void runPieces(UnixStream peer, FramedChannel channel) throws IOException {
        FrameException.Reason reason = cutIntoPieces();
        long closeAfter = disturbance == Disturbance.CLOSED ? random.nextInt(pieces.size() + 1) : Long.MAX_VALUE;
        try (FrameMessage in = FrameMessage.allocate(random.nextInt(100))) {
            boolean isCut = false;
            while (!pieces.isEmpty() && !isCut) {
                if (counts.pieces >= closeAfter) {
                    channel.close();
                    return;
                }
                isCut = sendOne(peer, channel, in, reason)
                        || (random.nextInt(3) == 0 && receiveUntilCut(channel, in, reason));
            }
            if (disturbance == Disturbance.CLOSED) {
                return;
            }
            if (!isCut) {
                peer.shutdownOutput();
                receiveToTheEnd(channel, in, reason);
            }
        }
    }

    /** Sends a piece, in which the receiver may have to help; whether it cut the sender instead. */
    private boolean sendOne(
            UnixStream peer, FramedChannel channel, FrameMessage in, FrameException.@Nullable Reason reason)
            throws IOException {
        Piece piece = pieces.remove();
        ByteBuffer bytes = ByteBuffer.wrap(piece.bytes());
        AsFd[] fds = piece.fds();
        while (bytes.hasRemaining()) {
            if (peer.trySend(bytes, fds).isPresent()) {
                counts.pieces++;
                counts.fdsSent += fds.length;
                fds = new AsFd[0];
            } else if (receiveUntilCut(channel, in, reason)) {
                return true;
            }
        }
        return false;
    }

    private boolean receiveUntilCut(FramedChannel channel, FrameMessage in, FrameException.@Nullable Reason reason)
            throws IOException {
        try {
            receiveSome(channel, in);
            return false;
        } catch (FrameException e) {
            assertCut(channel, e, reason);
            return true;
        }
    }

    private void receiveToTheEnd(FramedChannel channel, FrameMessage in, FrameException.@Nullable Reason reason)
            throws IOException {
        try {
            TryResult result = TryResult.DONE;
            while (result != TryResult.END_OF_STREAM) {
                result = receiveOne(channel, in);
            }
            assertThat(reason)
                    .as("the stream ended although something was wrong with it")
                    .isNull();
        } catch (FrameException e) {
            assertCut(channel, e, reason);
        }
    }

    private void assertCut(FramedChannel channel, FrameException e, FrameException.@Nullable Reason reason) {
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(expected).as("frames before what was wrong").isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    // ---- Receiving

    private void receiveSome(FramedChannel channel, FrameMessage in) throws IOException {
        while (receiveOne(channel, in) == TryResult.DONE) {
            // the next one
        }
    }

    private TryResult receiveOne(FramedChannel channel, FrameMessage in) throws IOException {
        try {
            switch (random.nextInt(3)) {
                case 0 -> {
                    TryResult result = channel.tryReceive(in);
                    if (result == TryResult.DONE) {
                        check(in.data(), in.fdCount(), in.takeFds());
                    }
                    return result;
                }
                case 1 -> {
                    boolean came = channel.receive(in);
                    if (came) {
                        check(in.data(), in.fdCount(), random.nextBoolean() ? in.takeFds() : List.of());
                    }
                    return came ? TryResult.DONE : TryResult.END_OF_STREAM;
                }
                default -> {
                    try (Frame frame = channel.receive()) {
                        if (frame.isEndOfStream()) {
                            return TryResult.END_OF_STREAM;
                        }
                        check(frame.data(), frame.fdCount(), random.nextBoolean() ? frame.takeFds() : List.of());
                        return TryResult.DONE;
                    }
                }
            }
        } catch (SocketTimeoutException e) {
            counts.timeouts++;
            return TryResult.WOULD_BLOCK;
        }
    }

    private void check(ByteBuffer data, int fds, List<OwnedFd> taken) throws IOException {
        try {
            Content content = expected.poll();
            assertThat(content).as("a frame that nobody sent: %s", data).isNotNull();
            assertThat(Wire.bytes(data)).isEqualTo(content.bytes());
            assertThat(fds).isEqualTo(content.fds());
            for (int i = 0; i < taken.size(); i += 1 + random.nextInt(20)) {
                AsFd sent = files.get((content.firstFile() + i) % FILES);
                assertThat(taken.get(i).info().isSameFile(sent.asFd().info()))
                        .as("descriptor %d", i)
                        .isTrue();
            }
            counts.framesReceived++;
            counts.fdsTaken += taken.size();
            counts.fdsLeft += fds - taken.size();
        } finally {
            for (OwnedFd fd : taken) {
                fd.close();
            }
        }
    }

    // ---- Cutting into pieces

    /** What must be the reason for which the receiver cuts the sender, or null if nothing is wrong. */
    private FrameException.@Nullable Reason cutIntoPieces() {
        int spoilt = contents.isEmpty() ? 0 : random.nextInt(contents.size());
        for (int i = 0; i < contents.size(); i++) {
            Content content = contents.get(i);
            if (i == spoilt) {
                switch (disturbance) {
                    case TRUNCATED -> {
                        return truncated(content);
                    }
                    case WRONG_COUNT -> {
                        return wrongCount(content);
                    }
                    case TOO_LARGE -> {
                        add(wire.frame(Wire.content(0, 1, 20_000), 1), fds(0, 1));
                        return FrameException.Reason.TOO_MANY_BYTES;
                    }
                    case NONSENSE -> {
                        return nonsense();
                    }
                    default -> {}
                }
            }
            counts.framesSent++;
            add(content);
            expected.add(content);
        }
        return null;
    }

    private void add(Content content) {
        byte[] frame = wire.frame(content.bytes(), content.fds());
        AsFd[] fds = fds(content.firstFile(), content.fds());
        int from = 0;
        int first = 0;
        while (wire == Wire.HEADER && fds.length - first > 253) {
            pieces.add(new Piece(range(frame, from, from + 1), range(fds, first, first + 253)));
            from++;
            first += 253;
        }
        int to = Math.min(fds.length, first + 253);
        add(range(frame, from, frame.length), range(fds, first, to));
        for (int next = to; next < fds.length; next += 253) {
            pieces.add(new Piece(new byte[] {' '}, range(fds, next, Math.min(fds.length, next + 253))));
        }
    }

    /** In random pieces, the descriptors with the first of them. */
    private void add(byte[] bytes, AsFd[] fds) {
        int from = 0;
        boolean small = random.nextInt(3) == 0;
        do {
            int size = random.nextInt(4) == 0 ? bytes.length : 1 + random.nextInt(small ? 20 : 3000);
            int to = Math.min(bytes.length, from + size);
            pieces.add(new Piece(range(bytes, from, to), from == 0 ? fds : new AsFd[0]));
            from = to;
        } while (from < bytes.length);
    }

    private FrameException.Reason truncated(Content content) {
        byte[] frame = wire.frame(content.bytes(), content.fds());
        int fds = Math.min(253, content.fds());
        add(range(frame, 0, 1 + random.nextInt(frame.length - 1)), fds(content.firstFile(), fds));
        return FrameException.Reason.ENDED_IN_FRAME;
    }

    private FrameException.@Nullable Reason wrongCount(Content content) {
        switch (wire) {
            case HEADER -> {
                int fds = Math.min(253, content.fds());
                add(wire.frame(content.bytes(), fds + 1), fds(0, fds));
                return FrameException.Reason.FD_COUNT;
            }
            case JSON -> {
                add(Wire.content(1, 3), fds(0, random.nextInt(3)));
                add(Wire.content(2, 0), fds(0, 0));
                return FrameException.Reason.FD_COUNT;
            }
            default -> {
                return null; // which says no number
            }
        }
    }

    private FrameException.@Nullable Reason nonsense() {
        switch (wire) {
            case HEADER -> add(new byte[] {'F', 'd', 7}, fds(0, 2));
            case JSON -> add(new byte[] {'{', '"', 'a', '"', ',', '1'}, fds(0, 2));
            default -> {
                return null; // to which nothing is nonsense
            }
        }
        return FrameException.Reason.MALFORMED;
    }

    private static byte[] range(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static AsFd[] range(AsFd[] fds, int from, int to) {
        return Arrays.copyOfRange(fds, from, to);
    }
}
