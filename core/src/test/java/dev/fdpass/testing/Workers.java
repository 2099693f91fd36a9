package dev.fdpass.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Threads that each do the same thing over and over for a while. The first that fails ends it for all. */
public final class Workers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile boolean stop;

    /** One round of a worker. */
    @FunctionalInterface
    public interface Round {
        void run(Random random) throws Exception;
    }

    /** What a worker does when it is over, on its thread, failed or not. */
    @FunctionalInterface
    public interface End {
        void run() throws Exception;
    }

    public Thread start(String name, Round round) {
        return start(name, round, () -> {});
    }

    public Thread start(String name, Round round, End end) {
        Random random = new Random(threads.size());
        Thread thread = Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                try {
                    while (!stop) {
                        round.run(random);
                    }
                } finally {
                    end.run();
                }
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

    /** Lets them work, with a line of {@code progress} now and then, and throws what one of them threw. */
    public void runFor(Duration duration, Supplier<String> progress) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        long left = duration.toNanos();
        while (left > 0 && !failed.await(Math.min(left, BETWEEN_LINES.toNanos()), TimeUnit.NANOSECONDS)) {
            left = end - System.nanoTime();
            System.out.println(Math.max(0, TimeUnit.NANOSECONDS.toSeconds(left)) + " s left: " + progress.get());
        }
        stop = true;
        AssertionError failure = null;
        for (Thread thread : threads) {
            if (!thread.join(PATIENCE)) {
                failure = new AssertionError(
                        thread.getName() + " does not end; it is at " + List.of(thread.getStackTrace()));
            }
        }
        synchronized (failures) {
            if (failure == null && !failures.isEmpty()) {
                failure = new AssertionError(failures.getFirst());
                failures.stream().skip(1).forEach(failure::addSuppressed);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
