package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.linux.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A thread that runs one action, and by the time a test gets it is blocked by that in the kernel. */
public final class WaitingThread<T> {
    private static final long PATIENCE_SECONDS = 10;
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** {@code futex(2)}, in which every Java thread waits for locks and for the collector: not what is looked for. */
    private static final int FUTEX = Arch.CURRENT.pick(202, 98);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private WaitingThread(Callable<T> action) {
        // The kernel keeps 15 characters of it, and that is how the thread is found there.
        thread = Thread.ofPlatform()
                .name("waits-" + COUNT.incrementAndGet())
                .daemon()
                .unstarted(() -> {
                    try {
                        result.complete(action.call());
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                });
    }

    /** Starts {@code action} and returns when it waits in a system call. */
    public static <T> WaitingThread<T> start(Callable<T> action) throws IOException, InterruptedException {
        WaitingThread<T> waiting = new WaitingThread<>(action);
        waiting.thread.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Optional<Path> task = Optional.empty();
        // Seen twice, because it may wait for something else for a moment, such as a class that is read from disk.
        for (int seen = 0; seen < 2; seen = task.isPresent() && isBlocked(task.get()) ? seen + 1 : 0) {
            assertThat(System.nanoTime()).as("still not waiting").isLessThan(deadline);
            assertThat(waiting.result).as("the action should wait").isNotDone();
            Thread.sleep(2);
            task = task.or(() -> taskNamed(waiting.thread.getName()));
        }
        return waiting;
    }

    /** {@link Thread#interrupt()}. */
    public void interrupt() {
        thread.interrupt();
    }

    /** What the action returned, once it is no longer blocked. */
    public T result() throws InterruptedException, TimeoutException, ExecutionException {
        return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What the action threw, once it is no longer blocked. */
    public Throwable failure() throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("returned " + result());
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Whether it still waits. */
    public boolean isWaiting() {
        return !result.isDone();
    }

    private static boolean isBlocked(Path task) throws IOException {
        // "running", or the number of the system call and its arguments.
        String call = new StringTokenizer(Files.readString(task.resolve("syscall"))).nextToken();
        return !Set.of("running", "-1", "" + FUTEX).contains(call)
                && Files.readString(task.resolve("stat")).contains(") S ");
    }

    private static Optional<Path> taskNamed(String name) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm"))
                                    .strip()
                                    .equals(name);
                        } catch (IOException e) {
                            return false; // that thread has just ended
                        }
                    })
                    .findFirst();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
