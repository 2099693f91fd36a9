package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** {@code clock_gettime(2)} of the clock that all processes share; where that of the JVM begins is its own affair. */
public final class MonotonicClock {
    static final int CLOCK_MONOTONIC = 1;

    private MonotonicClock() {}

    /** Microseconds since a moment that is the same for all processes, or the negated error number. */
    public static long micros() {
        Scratch scratch = Scratch.take();
        try {
            long result = Syscall.CLOCK_GETTIME.call(scratch.errno(), CLOCK_MONOTONIC, scratch.address(), 0);
            return result < 0
                    ? result
                    : scratch.memory().get(JAVA_LONG, Poll.TV_SEC) * 1_000_000
                            + scratch.memory().get(JAVA_LONG, Poll.TV_NSEC) / 1_000;
        } finally {
            scratch.give();
        }
    }
}
