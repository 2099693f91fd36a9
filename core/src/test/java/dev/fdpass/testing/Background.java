package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A task on a thread of its own, of which a test can tell that it waits in the kernel. Started from a virtual thread it
 * is on another virtual thread, and waits parked.
 */
public final class Background<T> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> callable) {
        task = new FutureTask<>(callable);
        Thread.Builder builder = Thread.currentThread().isVirtual()
                ? Thread.ofVirtual()
                : Thread.ofPlatform().daemon();
        thread = builder.name("bg" + COUNT.incrementAndGet()).start(task);
    }

    public static <T> Background<T> run(Callable<T> callable) {
        return new Background<>(callable);
    }

    /** Starts a task and returns when it waits. */
    public static <T> Background<T> blocked(Callable<T> callable) throws Exception {
        Background<T> background = run(callable);
        background.awaitBlocked();
        return background;
    }

    public Thread thread() {
        return thread;
    }

    public boolean isDone() {
        return task.isDone();
    }

    /** Returns when the thread has slept for a while, in the kernel or parked. */
    public void awaitBlocked() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int asleep = 0;
        while (asleep < 4) {
            assertThat(task.isDone()).as("the task ended instead of waiting").isFalse();
            assertThat(System.nanoTime()).as("the task never waits").isLessThan(deadline);
            asleep = Asleep.isAsleep(thread) ? asleep + 1 : 0;
            Thread.sleep(5);
        }
    }

    public T get() throws Exception {
        try {
            return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return fail("the task still waits at "
                    + Stream.of(thread.getStackTrace()).toList());
        }
    }

    /** What the task threw; fails if it threw nothing. */
    public Throwable failure() throws Exception {
        try {
            T result = get();
            return fail("the task returned " + result);
        } catch (java.util.concurrent.ExecutionException e) {
            return e.getCause();
        }
    }

    /** Does not leave a thread behind, whatever the test did. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            assertThat(thread.join(PATIENCE)).as("the thread ends").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
