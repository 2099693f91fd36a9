package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import dev.fdpass.waiting.Waiting;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How waiting ends: too late, interrupted, closed at one of the ends. */
@ExtendWith(NothingForgotten.class)
class WaitingTest {
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** A method that answers with a descriptor once it may. */
    private static final class Gate {
        final CountDownLatch began = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final Methods methods = Methods.none()
                .on("slow", call -> {
                    began.countDown();
                    open.await();
                    call.giveFd(TestFiles.holding("late"));
                    return null;
                })
                .on("fast", call -> "fast");
    }

    @Test
    void anAnswerThatComesTooLateIsDropped() throws Exception {
        Gate gate = new Gate();
        JsonRpcOptions inOrder = JsonRpcOptions.DEFAULT.maxRunningCalls(1);
        try (Pair pair = Pair.of(Methods.none(), gate.methods, inOrder)) {
            JsonRpcConnection connection = pair.first();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> connection.request(MOMENT, "slow", null))
                    .withMessageContaining("no answer came within PT0.05S");
            gate.open.countDown();
            connection.request("fast", null).close(); // its answer came behind the late one
            TestFiles.awaitOpen(0);
        }
    }

    @Test
    void anAnswerAtTheVeryMomentOfTheTimeoutIsTakenOrDropped() throws Exception {
        Methods methods = Methods.none()
                .on("give", call -> call.giveFd(TestFiles.holding("x")).method());
        Random random = new Random(3);
        int taken = 0;
        int late = 0;
        try (Pair pair = Pair.of(methods)) {
            for (int i = 0; i < 5000 && (i < 1000 || taken == 0 || late == 0); i++) {
                // Longer and longer where no answer comes as soon as that.
                int most = taken > 0 ? 300_000 : 300_000 * (1 + i / 50);
                try (Reply reply = pair.first().request(Duration.ofNanos(1 + random.nextInt(most)), "give", null)) {
                    assertThat(reply.fdCount()).isEqualTo(1);
                    taken++;
                } catch (SocketTimeoutException e) {
                    late++;
                }
            }
            TestFiles.awaitOpen(0);
        }
        assertThat(taken).as("answers in time").isPositive();
        assertThat(late).as("answers too late").isPositive();
    }

    @Test
    void aTimeoutThatWasSetIsThatOfARequestThatSaysNone() throws Exception {
        Gate gate = new Gate();
        try (Pair pair = Pair.of(gate.methods)) {
            assertThat(pair.first().requestTimeout()).isZero();
            pair.first().setRequestTimeout(MOMENT);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.first().request("slow", null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().request(Duration.ofNanos(-1), "fast", null));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().setRequestTimeout(Duration.ofNanos(-1)));
            gate.open.countDown();
        }
    }

    @Test
    void interruptingOneThatWaitsHarmsNobodyElse() throws Exception {
        Gate gate = new Gate();
        try (Pair pair = Pair.of(gate.methods)) {
            JsonRpcConnection connection = pair.first();
            Workers workers = new Workers();
            Thread waiting = workers.start(() -> {
                assertThatExceptionOfType(InterruptedIOException.class)
                        .isThrownBy(() -> connection.request("slow", null));
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                assertThatExceptionOfType(InterruptedIOException.class)
                        .isThrownBy(() -> connection.notify("fast", null));
            });
            gate.began.await();
            waiting.interrupt();
            workers.join();
            connection.request("fast", null).close();
            gate.open.countDown();
        }
    }

    @Test
    @SuppressWarnings("try")
    void closingWakesThoseWhoWait() throws Exception {
        Gate gate = new Gate();
        try (Pair pair = Pair.of(gate.methods)) {
            JsonRpcConnection connection = pair.first();
            Workers workers = new Workers();
            workers.start(() -> assertThatExceptionOfType(AsynchronousCloseException.class)
                    .isThrownBy(() -> connection.request("slow", null)));
            gate.began.await();
            connection.close();
            workers.join();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> connection.request("fast", null));
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> connection.notify("fast", null));
            assertThat(connection.isOpen()).isFalse();
            assertThat(connection.failure()).isEmpty();
            gate.open.countDown();
        }
        TestFiles.awaitOpen(0);
    }

    @Test
    @SuppressWarnings("try")
    void aPeerThatClosesEndsThoseWhoWait() throws Exception {
        Gate gate = new Gate();
        try (Pair pair = Pair.of(gate.methods)) {
            JsonRpcConnection connection = pair.first();
            Workers workers = new Workers();
            workers.start(() ->
                    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> connection.request("slow", null)));
            gate.began.await();
            pair.second().close();
            workers.join();
            Pair.awaitEnd(connection);
            assertThat(connection.failure()).isEmpty();
            assertThat(pair.second().awaitEnd(MOMENT)).as("a handler runs").isFalse();
            gate.open.countDown();
        }
        TestFiles.awaitOpen(0);
    }

    @Test
    @SuppressWarnings("try")
    void callsThatWaitAreDroppedWithTheConnection() throws Exception {
        Gate gate = new Gate();
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.maxRunningCalls(1).maxWaitingCalls(10);
        try (Pair pair = Pair.of(Methods.none(), gate.methods, options);
                OwnedFd file = TestFiles.holding("x")) {
            pair.first().notify("slow", null);
            gate.began.await();
            for (int i = 0; i < 10; i++) {
                pair.first().notify("fast", null, file, file);
            }
            TestFiles.awaitOpen(21);
            pair.second().close();
            TestFiles.awaitOpen(1);
            gate.open.countDown();
        }
    }

    @Test
    void aPeerThatReadsNothingEndsTheConnection() throws Exception {
        SocketPair<UnixStream> sockets = UnixStream.pair();
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.sendTimeout(Duration.ofMillis(300));
        try (UnixStream deaf = sockets.second();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.first(), Methods.none(), options)) {
            assertThat(deaf.isOpen()).isTrue();
            Workers workers = new Workers();
            Thread waiting = workers.start(() -> assertThatExceptionOfType(java.io.IOException.class)
                    .isThrownBy(() -> connection.request("x", null)));
            Waiting.until("a request that waits for its answer", () -> waiting.getState() == Thread.State.WAITING);
            List<String> much = List.of("x".repeat(500_000));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    connection.notify("x", much);
                }
            });
            workers.join();
            Pair.awaitEnd(connection);
            assertThat(connection.failure().orElseThrow()).hasCauseInstanceOf(SocketTimeoutException.class);
        }
    }
}
