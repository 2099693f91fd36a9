package dev.fdpass.bench.run;

import java.util.Set;

/** What is measured. */
public enum Work {
    W1("1 byte + 1 descriptor", Kind.STREAM, 1, 1, 1, 1, Flow.PASS),
    W2("1 byte", Kind.STREAM, 1, 1, 0, 1, Flow.PASS),
    W3("64-byte datagram + 4 descriptors", Kind.DATAGRAM, 64, 1, 4, 1, Flow.PASS),
    W4("253 descriptors in one message", Kind.STREAM, 1, 1, 253, 1, Flow.PASS),
    W5("4 KiB in 4 buffers + 1 descriptor", Kind.STREAM, 4096, 4, 1, 1, Flow.PASS),
    W6("ping-pong of 1 byte + 1 descriptor, 2 threads", Kind.SEQPACKET, 1, 1, 1, 1, Flow.PING_PONG),
    W7("64-byte seqpackets, 2 threads", Kind.SEQPACKET, 64, 1, 0, 1, Flow.ONE_WAY),
    W8("32 datagrams with 1 descriptor each", Kind.DATAGRAM, 1, 1, 1, 32, Flow.PASS),
    FRAME_THROUGHPUT("64-byte frames on a stream, 2 threads, beside W7", Kind.SEQPACKET, 64, 1, 0, 1, Flow.ONE_WAY),
    FRAME_LATENCY(
            "ping-pong of frames of 1 byte + 1 descriptor on a stream, beside W6",
            Kind.SEQPACKET,
            1,
            1,
            1,
            1,
            Flow.PING_PONG);

    /** Who takes part in the works with frames: the floor, the packets that the ratio to raw is taken to, and frames. */
    private static final Set<String> OF_FRAMES = Set.of(Contenders.FLOOR, Contenders.RAW, "fdpass-frames");

    /** Type of socket. */
    public enum Kind {
        STREAM,
        DATAGRAM,
        SEQPACKET
    }

    /** Who sends and who receives. */
    public enum Flow {
        /** One thread sends, then receives. */
        PASS,
        /** Two threads send to each other in turn. */
        PING_PONG,
        /** One thread sends to another. */
        ONE_WAY
    }

    private final String what;
    private final Kind kind;
    private final int bytes;
    private final int buffers;
    private final int fds;
    private final int messages;
    private final Flow flow;

    Work(String what, Kind kind, int bytes, int buffers, int fds, int messages, Flow flow) {
        this.what = what;
        this.kind = kind;
        this.bytes = bytes;
        this.buffers = buffers;
        this.fds = fds;
        this.messages = messages;
        this.flow = flow;
    }

    /** {@return whether frames are measured beside packets} */
    public boolean isOfFrames() {
        return this == FRAME_THROUGHPUT || this == FRAME_LATENCY;
    }

    /** Whether somebody takes part: in the works with frames few do, since those of others are W6 and W7 already. */
    boolean isFor(String contender) {
        return !isOfFrames() || OF_FRAMES.contains(contender);
    }

    /** {@return its name on the command line and in the tables} */
    @Override
    public String toString() {
        return name().replace('_', '-');
    }

    /** {@return what one operation is, in words} */
    public String what() {
        return what;
    }

    /** {@return the type of socket} */
    public Kind kind() {
        return kind;
    }

    /** {@return bytes of a message} */
    public int bytes() {
        return bytes;
    }

    /** {@return buffers of a message, of the same size} */
    public int buffers() {
        return buffers;
    }

    /** {@return descriptors of a message} */
    public int fds() {
        return fds;
    }

    /** {@return messages of one operation: all are sent, then all are received} */
    public int messages() {
        return messages;
    }

    /** {@return who sends and who receives} */
    public Flow flow() {
        return flow;
    }
}
