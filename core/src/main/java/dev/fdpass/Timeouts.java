package dev.fdpass;

import java.time.Duration;

/** Durations as the engine counts them. */
final class Timeouts {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Timeouts() {}

    /** Nanoseconds, or {@link Exchange#FOREVER} for zero and for more than a hundred years. */
    static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "the timeout is " + timeout + "; give zero to wait as long as it takes, or more");
        }
        return timeout.compareTo(LONGEST) > 0 ? Exchange.FOREVER : timeout.toNanos();
    }

    /** Nanoseconds of spinning; more than a hundred years are as good as these. */
    static long spin(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the time is " + time + "; give zero to block at once, or more");
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
    }
}
