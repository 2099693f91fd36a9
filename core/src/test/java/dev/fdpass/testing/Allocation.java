package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** What a thread allocates on the Java heap. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Turns in a window, and windows in a row, so that no lucky moment passes for the steady state. */
    private static final int WINDOW = 1_000;

    private static final int STEADY = 20;
    /** So many at least, whatever the clock says: it goes on while this thread has no processor. */
    private static final int LEAST = 2 * STEADY;

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private Allocation() {}

    /** One turn of a loop. */
    public interface Turn {
        void run() throws IOException;
    }

    private static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Until the compiler has had its way, interpreted code and its counters allocate; then a window is exactly 0. */
    public static void assertAllocatesNothing(Turn turn) throws IOException {
        assertAllocatesNothing(turn, PATIENCE_NANOS);
    }

    /** As {@link #assertAllocatesNothing(Turn)}, with less patience or more. */
    public static void assertAllocatesNothing(Turn turn, long patienceNanos) throws IOException {
        long begin = System.nanoTime();
        long fewest = Long.MAX_VALUE;
        int exact = 0;
        for (int i = 0; exact < STEADY && (i < LEAST || System.nanoTime() - begin < patienceNanos); i++) {
            long bytes = window(turn);
            fewest = Math.min(fewest, bytes);
            exact = bytes == 0 ? exact + 1 : 0;
        }
        assertThat(exact)
                .as("windows in a row of %d turns that allocate nothing (the best window: %d bytes)", WINDOW, fewest)
                .isEqualTo(STEADY);
    }

    private static long window(Turn turn) throws IOException {
        long before = bytes();
        for (int i = 0; i < WINDOW; i++) {
            turn.run();
        }
        return bytes() - before;
    }
}
