package dev.fdpass.jsonrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test, virtual or not, whose failures are the test's. */
final class Workers {
    private static final long PATIENCE_SECONDS = 60;

    private final List<CompletableFuture<Void>> results = new ArrayList<>();

    interface Work {
        void run() throws Exception;
    }

    /** Starts a virtual thread. */
    Thread start(Work work) {
        return start(Thread.ofVirtual(), work);
    }

    Thread start(Thread.Builder builder, Work work) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        results.add(result);
        return builder.start(() -> {
            try {
                work.run();
                result.complete(null);
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
    }

    /** Waits for all of them. */
    void join() throws InterruptedException {
        for (CompletableFuture<Void> result : results) {
            try {
                result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                throw new AssertionError(
                        e.getCause() instanceof TimeoutException ? "a thread does not end" : "a thread failed",
                        e.getCause());
            }
        }
    }
}
