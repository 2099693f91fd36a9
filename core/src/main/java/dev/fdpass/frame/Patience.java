package dev.fdpass.frame;

import dev.fdpass.internal.Timeouts;
import java.time.Duration;

/**
 * For how long what has come of a frame may wait for the rest, and since when it does. The thread that receives begins and ends
 * it; any thread may ask.
 */
final class Patience {
    private static final long NOBODY_WAITS = 0;

    /** Nanoseconds, or 0 for as long as it takes; then it never begins. */
    private final long most;

    private volatile long since = NOBODY_WAITS;

    Patience(Duration most) {
        this.most = Timeouts.nanos(most);
    }

    /** Begins now, unless it has begun. */
    void begin() {
        if (most > 0 && since == NOBODY_WAITS) {
            since = System.nanoTime() | 1;
        }
    }

    void end() {
        if (since != NOBODY_WAITS) {
            since = NOBODY_WAITS;
        }
    }

    boolean hasBegun() {
        return since != NOBODY_WAITS;
    }

    boolean isOver() {
        return left() <= 0;
    }

    /** Nanoseconds, not more than zero if it is over; {@link Long#MAX_VALUE} if it has not begun. */
    long left() {
        long begun = since;
        return begun == NOBODY_WAITS ? Long.MAX_VALUE : most - (System.nanoTime() - begun);
    }
}
