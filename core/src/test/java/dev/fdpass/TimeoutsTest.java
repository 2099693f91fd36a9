package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TimeoutsTest {
    private static final Duration SHORT = Duration.ofMillis(40);

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    void receive(SocketType type, Door door) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.second().receiveTimeout()).isZero();
            pair.second().setReceiveTimeout(SHORT);
            assertThat(pair.second().receiveTimeout()).isEqualTo(SHORT);
            assertTimesOut("receive", () -> door.receive(pair.second(), 1, 1));
            // Nothing is lost by it.
            pair.first().send(ByteBuffer.allocate(1));
            try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                assertThat(arrival.bytes()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    void send(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.first().sendTimeout()).isZero();
            pair.first().setSendTimeout(SHORT);
            assertThat(pair.first().sendTimeout()).isEqualTo(SHORT);
            ByteBuffer block = ByteBuffer.allocateDirect(1000);
            int queued = 0;
            while (pair.first().trySend(block.clear()).isPresent()) {
                queued++;
            }
            assertTimesOut("send", () -> door.send(pair.first(), new byte[1000], files.get(0)));
            // Nothing of it went.
            ByteBuffer room = ByteBuffer.allocateDirect(type == SocketType.STREAM ? 1 << 20 : 1000);
            int messages = 0;
            long bytes = 0;
            java.util.Optional<Received> received = pair.second().tryReceive(room.capacity(), 1);
            while (received.isPresent()) {
                assertThat(received.get().fdCount()).isZero();
                bytes += received.get().bytes();
                messages++;
                received.get().close();
                received = pair.second().tryReceive(room.capacity(), 1);
            }
            assertThat(bytes).isPositive();
            if (type != SocketType.STREAM) {
                assertThat(messages).isEqualTo(queued);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void nextPacketSize(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.second().setReceiveTimeout(SHORT);
            assertTimesOut("nextPacketSize", () -> type.nextPacketSize(pair.second()));
        }
    }

    @Test
    void read() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.second().setReceiveTimeout(SHORT);
            assertTimesOut("receive", () -> pair.second().read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void accept() throws IOException {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
            assertTimesOut("accept", () -> listener.accept(SHORT));
            try (UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                    UnixSeqpacket accepted = listener.accept(SHORT)) {
                assertThat(client.isOpen()).isTrue();
                assertThat(accepted.isOpen()).isTrue();
            }
        }
    }

    /** The second of two threads waits for the first, and no longer than it may. */
    @Test
    void acceptWhileAnotherAccepts() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                Background<UnixStream> other = Background.blocked(listener::accept)) {
            assertTimesOut("accept", () -> listener.accept(SHORT));
            assertThat(listener.tryAccept()).isEmpty();
            try (UnixStream client = UnixStream.connect(listener.localAddress());
                    UnixStream accepted = other.get()) {
                assertThat(client.isOpen()).isTrue();
                assertThat(accepted.isOpen()).isTrue();
            }
        }
    }

    @Test
    void connectToAFullQueue() throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed(), 1);
                UnixStream first = UnixStream.connect(listener.localAddress());
                UnixStream second = UnixStream.connect(listener.localAddress(), Duration.ofSeconds(5))) {
            assertTimesOut(
                    "connect " + listener.localAddress(), () -> UnixStream.connect(listener.localAddress(), SHORT));
            try (UnixStream one = listener.accept();
                    UnixStream two = listener.accept()) {
                first.send(ByteBuffer.allocate(1));
                second.send(ByteBuffer.allocate(2));
                assertThat(one.read(ByteBuffer.allocate(9))).isEqualTo(1);
                assertThat(two.read(ByteBuffer.allocate(9))).isEqualTo(2);
            }
        }
    }

    @Test
    void zeroIsForEver() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            pair.second().setReceiveTimeout(Duration.ofMillis(1));
            pair.second().setReceiveTimeout(Duration.ZERO);
            try (Background<Integer> receiving = Background.blocked(
                    () -> Door.CONVENIENT.receive(pair.second(), 1, 0).bytes())) {
                Thread.sleep(100);
                assertThat(receiving.isDone()).isFalse();
                pair.first().send(ByteBuffer.allocate(1));
                assertThat(receiving.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void veryLongAndNegativeOnes() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            for (Duration longest : new Duration[] {Duration.ofDays(365 * 100), Duration.ofSeconds(Long.MAX_VALUE)}) {
                pair.second().setReceiveTimeout(longest);
                pair.first().send(ByteBuffer.allocate(1));
                try (Received received = pair.second().receive(1, 0)) {
                    assertThat(received.bytes()).isEqualTo(1);
                }
            }
            Duration negative = Duration.ofNanos(-1);
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().setSendTimeout(negative));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().setReceiveTimeout(negative));
            assertThatIllegalArgumentException().isThrownBy(() -> listener.accept(negative));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> UnixStream.connect(listener.localAddress(), negative));
        }
    }

    @Test
    void ofOneDirectionDoesNotBoundTheOther() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.second().setSendTimeout(Duration.ofMillis(1));
            try (Background<Integer> receiving =
                    Background.blocked(() -> pair.second().read(ByteBuffer.allocate(1)))) {
                Thread.sleep(50);
                assertThat(receiving.isDone()).isFalse();
                pair.first().send(ByteBuffer.allocate(1));
                assertThat(receiving.get()).isEqualTo(1);
            }
        }
    }

    private static void assertTimesOut(String what, Callable<?> operation) {
        long begin = System.nanoTime();
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(operation::call)
                .withMessageContaining(what + " timed out after " + SHORT);
        long elapsed = System.nanoTime() - begin;
        assertThat(elapsed).as("not early").isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(elapsed)
                .as("not much later")
                .isLessThan(SHORT.plusSeconds(20).toNanos());
    }
}
