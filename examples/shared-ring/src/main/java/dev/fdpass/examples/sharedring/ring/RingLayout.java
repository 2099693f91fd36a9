package dev.fdpass.examples.sharedring.ring;

/**
 * Where in the memory everything stands: a page of counters and flags, then the bytes of the ring. Each counter has one
 * writer, and two cache lines for itself (processors fetch them in pairs), so that neither side slows the other down by
 * writing beside what it reads.
 *
 * <pre>
 *       0  long  how many bytes the sender has written, ever
 *     128  long  how many bytes the receiver has read, ever
 *     256  long  the sender sleeps until so many are read; 0 while it is awake
 *     384  long  the receiver sleeps until so many are written; 0 while it is awake
 *     512  int   1 once the sender has closed its end
 *     640  int   1 once the receiver has closed its end
 *    4096        the ring: at position p of the stream of bytes is byte p mod capacity
 * </pre>
 *
 * <p>A message is a long, its length, and its bytes, and zero to seven more up to a multiple of eight. So a length is never
 * cut in two by the end of the ring; the bytes of a message may be. Numbers are in the byte order of the machine.
 */
final class RingLayout {
    static final long HEADER_BYTES = 4096;
    static final long LENGTH_BYTES = Long.BYTES;
    static final int LEAST_CAPACITY = 4096;
    static final int MOST_CAPACITY = 1 << 30;

    /** The two who share a ring, and where each of them writes. */
    enum Role {
        SENDER(0, 256, 512),
        RECEIVER(128, 384, 640);

        private final long position;
        private final long wakeAt;
        private final long closed;

        Role(long position, long wakeAt, long closed) {
            this.position = position;
            this.wakeAt = wakeAt;
            this.closed = closed;
        }

        Role peer() {
            return this == SENDER ? RECEIVER : SENDER;
        }

        long position() {
            return position;
        }

        long wakeAt() {
            return wakeAt;
        }

        long closed() {
            return closed;
        }

        /** In words. */
        @Override
        public String toString() {
            return this == SENDER ? "sender" : "receiver";
        }
    }

    private RingLayout() {}

    /** Bytes that a message takes in the ring. */
    static long bytesOf(long length) {
        return LENGTH_BYTES + (length + LENGTH_BYTES - 1) / LENGTH_BYTES * LENGTH_BYTES;
    }

    static boolean isCapacity(long bytes) {
        return bytes >= LEAST_CAPACITY && bytes <= MOST_CAPACITY && Long.bitCount(bytes) == 1;
    }

    static String capacities() {
        return "a power of two from " + LEAST_CAPACITY + " to " + MOST_CAPACITY;
    }
}
