package dev.fdpass.bench.soak;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * What all lanes have. A lane is one receiving thread, which has one conversation after the other until it is told to stop.
 *
 * @param type of the sockets
 * @param seed of all that is random in this lane
 * @param counts where all lanes count
 * @param later who closes what is taken, later
 * @param conversations numbers them, so that each sender has a name of its own
 * @param stopping whether the end has come
 */
record Lane(
        SocketType type,
        long seed,
        Counts counts,
        CloseLater later,
        AtomicInteger conversations,
        BooleanSupplier stopping) {
    /** A conversation lasts so long, at random. */
    static final long LEAST_MILLIS = 300;

    static final long MOST_MILLIS = 4_000;

    /** One conversation after the other. */
    interface Conversation {
        /** Has one, to its end. */
        void run() throws Exception;
    }

    /** The name of the next sender. */
    String nextOwner(String kind) {
        return kind + conversations.incrementAndGet();
    }

    static long millisAsNanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
