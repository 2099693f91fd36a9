package dev.fdpass.examples.sharedring.ring;

import java.time.Duration;

/**
 * Whether to look again and again before sleeping. That pays only while the peer runs on another processor: then it answers in
 * less time than sleeping and waking take. Where there is none for it, looking only keeps it from running. So looking that was in
 * vain too often ends, and is tried again now and then.
 */
final class Spin {
    private static final int MOST_CREDIT = 8;
    private static final int CREDIT_OF_SUCCESS = 2;
    /** So seldom that of a hundred waits not even one is longer for it. */
    private static final int WAITS_BETWEEN_TRIALS = 256;

    private long nanos = 20_000;
    private int credit = MOST_CREDIT;
    private int waits;

    void set(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("spin for " + time + "; give zero or more");
        }
        nanos = time.toNanos();
    }

    /** How long to look this time. */
    long nanos() {
        waits++;
        return credit > 0 || waits % WAITS_BETWEEN_TRIALS == 0 ? nanos : 0;
    }

    void worked() {
        credit = Math.min(credit + CREDIT_OF_SUCCESS, MOST_CREDIT);
    }

    void wasInVain() {
        credit = Math.max(credit - 1, 0);
    }
}
