package dev.fdpass.internal;

import java.time.Duration;

/** Durations as the engine counts them: a wait, in nanoseconds. */
public final class Timeouts {
    /** What is longer is as good as no timeout. */
    public static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Timeouts() {}

    /** Nanoseconds, or 0 for zero and for more than a hundred years. */
    public static long nanos(Duration timeout) {
        return check(timeout).compareTo(LONGEST) > 0 ? 0 : timeout.toNanos();
    }

    /** The timeout, if it is none that is negative. */
    public static Duration check(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "the timeout is " + timeout + "; give zero to wait as long as it takes, or more");
        }
        return timeout;
    }

    /** Nanoseconds of spinning; more than a hundred years are as good as these. */
    public static long spin(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the time is " + time + "; give zero to block at once, or more");
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
    }
}
