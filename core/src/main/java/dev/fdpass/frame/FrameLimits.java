package dev.fdpass.frame;

import java.time.Duration;
import java.util.Objects;

/**
 * What a peer may send, and what may be sent to it. Who goes beyond is cut: see {@link FrameException}.
 *
 * <pre>{@code
 * FrameLimits.DEFAULT.maxBytes(1 << 16).maxFds(4).maxUnfinished(Duration.ofSeconds(5))
 * }</pre>
 *
 * <p>Immutable: each method that changes something returns a new one.
 */
public final class FrameLimits {
    /** Most descriptors that any frame can have, eight messages full of them: {@value}. */
    public static final int MOST_FDS = 8 * 253;
    /** Most bytes that any frame can have: {@value}. */
    public static final int MOST_BYTES = 1 << 30;

    /** What one message brings at most. */
    static final int FDS_OF_A_MESSAGE = 253;

    /**
     * 1 MiB and 253 descriptors a frame, 506 descriptors and 64 KiB of later frames that wait, and 30 seconds for a frame that
     * has begun.
     */
    public static final FrameLimits DEFAULT =
            new FrameLimits(1 << 20, FDS_OF_A_MESSAGE, 2 * FDS_OF_A_MESSAGE, 1 << 16, Duration.ofSeconds(30));

    private final int maxBytes;
    private final int maxFds;
    private final int maxPendingFds;
    private final int maxBufferedBytes;
    private final Duration maxUnfinished;

    private FrameLimits(int maxBytes, int maxFds, int maxPendingFds, int maxBufferedBytes, Duration maxUnfinished) {
        this.maxBytes = maxBytes;
        this.maxFds = maxFds;
        this.maxPendingFds = maxPendingFds;
        this.maxBufferedBytes = maxBufferedBytes;
        this.maxUnfinished = maxUnfinished;
    }

    /**
     * Sets the most bytes of a frame, header and delimiter not counted. On packet sockets a receiver keeps that much memory
     * ready; on streams memory grows with what has come.
     *
     * @param bytes 1 to {@value #MOST_BYTES}
     * @return new limits
     */
    public FrameLimits maxBytes(int bytes) {
        check("bytes of a frame", bytes, 1, MOST_BYTES);
        return new FrameLimits(bytes, maxFds, maxPendingFds, maxBufferedBytes, maxUnfinished);
    }

    /**
     * Sets the most descriptors of a frame.
     *
     * @param fds 0 to {@value #MOST_FDS}; a packet and a frame that ends with NUL carry at most 253, whatever this says
     * @return new limits
     */
    public FrameLimits maxFds(int fds) {
        check("descriptors of a frame", fds, 0, MOST_FDS);
        return new FrameLimits(maxBytes, fds, maxPendingFds, maxBufferedBytes, maxUnfinished);
    }

    /**
     * Sets the most descriptors that have come on a connection and belong to no frame yet that was received. At the moment
     * when this is found to be exceeded, at most 253 more are there.
     *
     * @param fds 0 or more; what a well-behaved peer may have under way, {@link #maxFds} and 253, is always allowed
     * @return new limits
     */
    public FrameLimits maxPendingFds(int fds) {
        check("descriptors that wait", fds, 0, Integer.MAX_VALUE);
        return new FrameLimits(maxBytes, maxFds, fds, maxBufferedBytes, maxUnfinished);
    }

    /**
     * Sets how many bytes beyond the frame that is being received may be taken along, so that several small frames cost one
     * system call. Bytes that are not taken along stay in the kernel, which makes the sender wait.
     *
     * @param bytes 16 to {@value #MOST_BYTES}
     * @return new limits
     */
    public FrameLimits maxBufferedBytes(int bytes) {
        check("bytes taken along", bytes, 16, MOST_BYTES);
        return new FrameLimits(maxBytes, maxFds, maxPendingFds, bytes, maxUnfinished);
    }

    /**
     * Sets how long a frame may stay unfinished once a byte of it has come. It is looked at while somebody receives: a frame
     * that is there in full is never too late. So who waits with a {@link dev.fdpass.Poller} tries to receive after
     * {@link FramedChannel#timeToFinish}, also when nothing comes. Descriptors that came and belong to no frame yet may wait as long.
     *
     * @param time zero for as long as it takes
     * @return new limits
     */
    public FrameLimits maxUnfinished(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(
                    "a frame may stay unfinished for " + time + "; give zero for as long as it takes, or more");
        }
        return new FrameLimits(maxBytes, maxFds, maxPendingFds, maxBufferedBytes, time);
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("at most " + value + " " + what + "; give " + least + " to " + most);
        }
    }

    /** {@return most bytes of a frame} */
    public int maxBytes() {
        return maxBytes;
    }

    /** {@return most descriptors of a frame} */
    public int maxFds() {
        return maxFds;
    }

    /** {@return most descriptors that may wait for their frame; at least {@link #maxFds()} and 253} */
    public int maxPendingFds() {
        return Math.max(maxPendingFds, maxFds + FDS_OF_A_MESSAGE);
    }

    /** {@return bytes beyond a frame that may be taken along} */
    public int maxBufferedBytes() {
        return maxBufferedBytes;
    }

    /** {@return how long a frame may stay unfinished; zero for as long as it takes} */
    public Duration maxUnfinished() {
        return maxUnfinished;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrameLimits limits
                && maxBytes == limits.maxBytes
                && maxFds == limits.maxFds
                && maxPendingFds() == limits.maxPendingFds()
                && maxBufferedBytes == limits.maxBufferedBytes
                && maxUnfinished.equals(limits.maxUnfinished);
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxBytes, maxFds, maxPendingFds(), maxBufferedBytes, maxUnfinished);
    }

    /** All of them, for people. */
    @Override
    public String toString() {
        return "FrameLimits[" + maxBytes + " bytes and " + maxFds + " descriptors a frame, " + maxPendingFds()
                + " descriptors and " + maxBufferedBytes + " bytes that wait, unfinished for "
                + (maxUnfinished.isZero() ? "as long as it takes" : maxUnfinished) + "]";
    }
}
