package dev.fdpass.varlink;

import dev.fdpass.internal.Timeouts;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When a call must be answered, counted from its beginning. */
final class Deadline {
    private final Duration timeout;
    private final long begin = System.nanoTime();

    private Deadline(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * A deadline from now on.
     *
     * @param timeout zero for as long as it takes
     */
    static Deadline in(Duration timeout) {
        return new Deadline(Timeouts.check(timeout));
    }

    /** {@return how long in all, from the beginning} */
    Duration timeout() {
        return timeout;
    }

    /** {@return nanoseconds that are left, perhaps less than none} */
    long nanosLeft() {
        return timeout.isZero()
                ? Long.MAX_VALUE
                : TimeUnit.NANOSECONDS.convert(timeout) - (System.nanoTime() - begin); // no more than fit into a long
    }

    /** {@return what is left, as a timeout: zero for as long as it takes} */
    Duration left() {
        return timeout.isZero() ? Duration.ZERO : Duration.ofNanos(Math.max(1, nanosLeft()));
    }
}
