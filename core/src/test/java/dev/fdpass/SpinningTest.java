package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Background;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A receive that tries again before it blocks ends as any other does. */
class SpinningTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void noneAtFirst() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            assertThat(pair.first().receiveSpin()).isZero();
            pair.first().setReceiveSpin(LONG);
            assertThat(pair.first().receiveSpin()).isEqualTo(LONG);
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().setReceiveSpin(Duration.ofNanos(-1)));
        }
    }

    @Test
    void anyTimeThatIsNotNegative() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            UnixStream socket = pair.first();
            socket.setReceiveSpin(Duration.ofDays(365_000));
            assertThat(socket.receiveSpin()).isGreaterThan(Duration.ofDays(36_500));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> socket.setReceiveSpin(Duration.ofNanos(-1)))
                    .withMessageContaining("PT-0.000000001S")
                    .withMessageContaining("block at once");
        }
    }

    @Test
    void whatComesMeanwhileIsReceived() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = spinning(LONG);
                Background<Integer> receiving = spins(pair)) {
            pair.first().send(ByteBuffer.allocate(3));
            assertThat(receiving.get()).isEqualTo(3);
        }
    }

    @Test
    void theTimeoutHolds() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = spinning(LONG)) {
            pair.second().setReceiveTimeout(Duration.ofMillis(50));
            long before = System.nanoTime();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.second().receive(1, 0));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(50), LONG.dividedBy(2));
        }
    }

    @Test
    void closeAndInterruptEndIt() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = spinning(LONG);
                Background<Integer> receiving = spins(pair)) {
            pair.second().close();
            assertThat(receiving.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
        try (SocketPair<UnixSeqpacket> pair = spinning(LONG);
                Background<Integer> receiving = spins(pair)) {
            receiving.thread().interrupt();
            assertThat(receiving.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(pair.second().isOpen()).isFalse();
        }
    }

    @Test
    void afterwardsItBlocks() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = spinning(Duration.ofMillis(20));
                Background<Integer> receiving = Background.blocked(() -> receive(pair))) {
            pair.first().send(ByteBuffer.allocate(2));
            assertThat(receiving.get()).isEqualTo(2);
        }
    }

    private static SocketPair<UnixSeqpacket> spinning(Duration time) throws IOException {
        SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
        pair.second().setReceiveSpin(time);
        return pair;
    }

    /**
     * A receive that has begun to spin, as far as can be seen: it has made an attempt, for which it keeps the socket open, it is
     * not over, and uses the processor.
     */
    private static Background<Integer> spins(SocketPair<UnixSeqpacket> pair) throws InterruptedException {
        Background<Integer> receiving = Background.run(() -> receive(pair));
        Waiting.until(
                "an attempt to receive",
                () -> Stream.of(receiving.thread().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("tryReceive")));
        Thread.sleep(100);
        assertThat(receiving.isDone()).isFalse();
        assertThat(receiving.thread().getState()).isEqualTo(Thread.State.RUNNABLE);
        return receiving;
    }

    private static int receive(SocketPair<UnixSeqpacket> pair) throws IOException {
        try (Received received = pair.second().receive(8, 0)) {
            return received.bytes();
        }
    }
}
