package dev.fdpass.jdk;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Where placeholders are made. A channel of the JDK that a virtual thread has used takes its socket to be non-blocking
 * from then on, which the one that comes in its place need not be; and an interrupted thread would close it.
 */
final class PlatformThread {
    /** What is done there. */
    interface Action<T> {
        T call() throws IOException;
    }

    private PlatformThread() {}

    /** Calls on this thread, or if that is not fit, on another one while this one waits. */
    static <T> T call(Action<T> action) throws IOException {
        if (!Thread.currentThread().isVirtual() && !Thread.currentThread().isInterrupted()) {
            return action.call();
        }
        return apart(action);
    }

    /** Calls on a thread that nobody else knows, and so nobody interrupts: what connects or accepts would be closed by that. */
    static <T> T apart(Action<T> action) throws IOException {
        FutureTask<T> task = new FutureTask<>(action::call);
        Thread.ofPlatform().daemon().name("fdpass-placeholder").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // what is being made needs an owner
                } catch (ExecutionException e) {
                    throw unwrapped(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException unwrapped(@Nullable Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> {
                return e;
            }
            case null, default -> throw new AssertionError(thrown);
        }
    }
}
