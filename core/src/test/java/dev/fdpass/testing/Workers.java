package dev.fdpass.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Threads of a test, whose failures are the test's. Each does its work once, until {@link #join}; or the same over and over,
 * for as long as {@link #runFor} says, and the first that fails ends it for all.
 */
public final class Workers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile boolean stop;

    /** What a worker does once; or when it is over, on its thread, failed or not. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** One round of a worker. */
    @FunctionalInterface
    public interface Round {
        void run(Random random) throws Exception;
    }

    /** Starts a virtual thread. */
    public Thread start(Work work) {
        return start(Thread.ofVirtual(), work);
    }

    /** Starts a thread. */
    public Thread start(Thread.Builder builder, Work work) {
        Thread thread = builder.start(() -> {
            try {
                work.run();
            } catch (Throwable t) {
                synchronized (failures) {
                    failures.add(t);
                }
                failed.countDown();
            }
        });
        threads.add(thread);
        return thread;
    }

    /** Starts a platform thread that goes round until {@link #runFor} is over. */
    public Thread start(String name, Round round) {
        return start(name, round, () -> {});
    }

    /** As {@link #start(String, Round)}, with what is to be done at the end. */
    public Thread start(String name, Round round, Work end) {
        Random random = new Random(threads.size());
        return start(Thread.ofPlatform().name(name).daemon(), () -> {
            try {
                while (!stop) {
                    round.run(random);
                }
            } finally {
                end.run();
            }
        });
    }

    /** Lets them go round, with a line of {@code progress} now and then, and throws what one of them threw. */
    public void runFor(Duration duration, Supplier<String> progress) throws InterruptedException {
        runFor(duration, () -> true, progress);
    }

    /**
     * As {@link #runFor(Duration, Supplier)}, and for longer, but not for ever, until {@code enough} holds: a thread may get no
     * processor for a while.
     */
    public void runFor(Duration duration, BooleanSupplier enough, Supplier<String> progress)
            throws InterruptedException {
        long begin = System.nanoTime();
        long left = duration.toNanos();
        while (left > 0 && !failed.await(Math.min(left, BETWEEN_LINES.toNanos()), TimeUnit.NANOSECONDS)) {
            left = begin + duration.toNanos() - System.nanoTime();
            System.out.println(Math.max(0, TimeUnit.NANOSECONDS.toSeconds(left)) + " s left: " + progress.get());
        }
        long atMost = duration.plus(PATIENCE).toNanos();
        while (!enough.getAsBoolean()
                && System.nanoTime() - begin < atMost
                && !failed.await(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS)) {
            // another look
        }
        stop = true;
        join();
    }

    /** Waits for the end of all, and throws what one of them threw. */
    public void join() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        AssertionError failure = null;
        for (Thread thread : threads) {
            // At least a moment for each: those behind one that hangs have ended long ago.
            long left = Math.max(1_000_000, deadline - System.nanoTime());
            if (!thread.join(Duration.ofNanos(left))) {
                failure = new AssertionError(
                        thread.getName() + " does not end; it is at " + List.of(thread.getStackTrace()));
            }
        }
        synchronized (failures) {
            if (failure == null && !failures.isEmpty()) {
                failure = new AssertionError("a thread failed", failures.getFirst());
                failures.stream().skip(1).forEach(failure::addSuppressed);
            } else if (failure != null) {
                failures.forEach(failure::addSuppressed);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
