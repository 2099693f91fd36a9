package dev.fdpass.systemd;

import dev.fdpass.internal.Timeouts;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long an operation of several waits may still take, from the moment this is made. */
final class Deadline {
    private final long begin = System.nanoTime();
    private final long nanos;

    /**
     * Begins.
     *
     * @param timeout how long at most; zero for as long as it takes
     */
    Deadline(Duration timeout) {
        nanos = Timeouts.check(timeout).isZero() ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(timeout);
    }

    boolean isOver() {
        return nanos() <= 0;
    }

    /** What is left; without a limit more than anybody has, which is never over. */
    long nanos() {
        return nanos - (System.nanoTime() - begin);
    }

    /** What is left, for an operation that takes zero for no limit: at least a moment. */
    Duration timeout() {
        return Duration.ofNanos(Math.max(1, nanos()));
    }
}
