package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Workers;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two ends that ask each other more than they handle, with messages larger than what the kernel takes, wait for nothing. */
@ExtendWith(NothingForgotten.class)
class FullBothWaysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 8;
    private static final int REQUESTS = 12;

    @Test
    void answersThatNobodyWaitsForAnyMoreAreReceived() throws Exception {
        JsonRpcOptions options =
                JsonRpcOptions.DEFAULT.maxRunningCalls(1).maxWaitingCalls(0).sendTimeout(PATIENCE);
        CountDownLatch run = new CountDownLatch(2);
        CountDownLatch open = new CountDownLatch(1);
        List<String> large = List.of("x".repeat(700_000));
        Semaphore told = new Semaphore(0);
        Methods methods = Methods.none()
                .on("tell", call -> {
                    told.release();
                    return null;
                })
                .on("large", call -> {
                    run.countDown();
                    open.await();
                    return large;
                });
        try (Pair pair = Pair.of(methods, methods, options)) {
            for (JsonRpcConnection connection : List.of(pair.first(), pair.second())) {
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> connection.request(Duration.ofMillis(100), "large", null));
            }
            run.await();
            open.countDown(); // both ends are full, and send what the other one wants no more
            for (JsonRpcConnection connection : List.of(pair.first(), pair.second())) {
                do {
                    connection.notify("tell", null); // is dropped until the other call is done
                } while (!told.tryAcquire(20, TimeUnit.MILLISECONDS));
            }
        }
    }

    @Test
    void eachRequestIsAnsweredOrRefused() throws Exception {
        JsonRpcOptions options =
                JsonRpcOptions.DEFAULT.maxRunningCalls(1).maxWaitingCalls(0).sendTimeout(PATIENCE);
        Methods methods = Methods.none().on("echo", Call::params);
        List<String> large = List.of("x".repeat(700_000));
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (Pair pair = Pair.of(methods, methods, options)) {
            Workers workers = new Workers();
            for (int i = 0; i < THREADS; i++) {
                JsonRpcConnection connection = i % 2 == 0 ? pair.first() : pair.second();
                workers.start(() -> {
                    for (int k = 0; k < REQUESTS; k++) {
                        try (Reply reply = connection.request(PATIENCE, "echo", large)) {
                            assertThat(reply.result().get(0).textValue()).isEqualTo(large.get(0));
                            answered.incrementAndGet();
                        } catch (JsonRpcException e) {
                            assertThat(e.code()).isEqualTo(JsonRpcException.TOO_MANY_CALLS);
                            refused.incrementAndGet();
                        }
                    }
                });
            }
            workers.join();
            assertThat(pair.first().isOpen()).isTrue();
            assertThat(pair.second().isOpen()).isTrue();
        }
        assertThat(answered.get() + refused.get()).isEqualTo(THREADS * REQUESTS);
        assertThat(answered.get()).as("answered").isPositive();
        assertThat(refused.get()).as("refused").isPositive();
    }
}
