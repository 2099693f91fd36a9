package dev.fdpass.waiting;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread, another process or the kernel does, which nothing tells. */
public final class Waiting {
    /** A limit for what never happens: on a busy machine a thread may not run for seconds, at any moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long BETWEEN_NANOS = 1_000_000;

    private Waiting() {}

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it has happened. */
        boolean holds() throws Exception;
    }

    /**
     * What can be tried again.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Attempt<T> {
        /** Tries it. */
        T make() throws IOException;
    }

    /** Waits until it holds; fails the test if it does not soon. */
    public static void until(Condition condition) {
        until("it", condition);
    }

    /** Waits until it holds; fails the test if it does not soon, saying what did not happen. */
    public static void until(String what, Condition condition) {
        if (!soon(condition)) {
            throw new AssertionError(what + " did not happen within " + PATIENCE.toSeconds() + " s");
        }
    }

    /** Whether it holds soon; for who has better words for what is there instead. */
    public static boolean soon(Condition condition) {
        return within(PATIENCE, condition);
    }

    /** Whether it holds within this time. */
    public static boolean within(Duration patience, Condition condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                LockSupport.parkNanos(BETWEEN_NANOS);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return true;
    }

    /**
     * Connects as soon as somebody listens.
     *
     * @param isAlive whether there is still somebody who may
     * @throws ConnectException if nobody does soon
     */
    public static <T> T untilListening(BooleanSupplier isAlive, Attempt<T> connect) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return connect.make();
            } catch (ConnectException e) {
                if (!isAlive.getAsBoolean() || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_NANOS);
            }
        }
    }
}
