package dev.fdpass.cli;

import java.util.concurrent.Callable;

/** Waits for what another process does. */
final class Waiting {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Waiting() {}

    static void until(Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!holds.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within " + PATIENCE_NANOS / 1_000_000_000 + " s");
            }
            Thread.sleep(10);
        }
    }
}
