package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CloseWakesTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("L01: close wakes a thread that waits in a receive, and leaves the connection to a duplicate")
    void receive(SocketType type, Door door) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmSocket duplicate = type.adopt(pair.second().asFd().duplicate())) {
            assertWoken(pair.second(), () -> door.receive(pair.second(), 1, 1).bytes());

            // No shutdown: whoever shares the open file description goes on.
            pair.first().send(ByteBuffer.wrap(new byte[] {7}));
            try (Received received = duplicate.receive(1, 1)) {
                assertThat(received.data().get()).isEqualTo((byte) 7);
            }
            duplicate.send(ByteBuffer.wrap(new byte[] {8}));
            try (Received received = pair.first().receive(1, 1)) {
                assertThat(received.data().get()).isEqualTo((byte) 8);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("L01: close wakes a thread that waits in a send, and leaves the connection to a duplicate")
    void send(SocketType type, Door door) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmSocket duplicate = type.adopt(pair.first().asFd().duplicate())) {
            ByteBuffer block = ByteBuffer.allocateDirect(1000);
            while (pair.first().trySend(block.clear()).isPresent()) {
                // until the queue is full
            }
            assertWoken(pair.first(), () -> door.send(pair.first(), new byte[1000]));

            ByteBuffer room = ByteBuffer.allocateDirect(1 << 20);
            pair.second().receive(room, 0).close();
            assertThat(duplicate.trySend(ByteBuffer.allocate(1))).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("L01: close wakes a thread that asks for the size of the next packet")
    void nextPacketSize(SocketType type) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertWoken(pair.second(), () -> type.nextPacketSize(pair.second()));
        }
    }

    @Test
    @DisplayName("L01: close wakes a thread that reads from or writes to a stream as a channel")
    void readAndWrite() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertWoken(pair.second(), () -> pair.second().read(ByteBuffer.allocate(1)));
        }
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertWoken(pair.first(), () -> pair.first().write(ByteBuffer.allocateDirect(10 << 20)));
        }
    }

    @Test
    @DisplayName("L01: close wakes threads that wait in an accept, and leaves the listener to a duplicate")
    void accept() throws Exception {
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
        UnixAddress address = listener.localAddress();
        try (UnixStreamListener duplicate =
                UnixStreamListener.adopt(listener.asFd().duplicate())) {
            assertWoken(listener, listener::accept);
            try (UnixStream client = UnixStream.connect(address);
                    UnixStream accepted = duplicate.accept()) {
                client.send(ByteBuffer.allocate(1));
                assertThat(accepted.read(ByteBuffer.allocate(2))).isEqualTo(1);
            }
        }
        UnixSeqpacketListener packets = UnixSeqpacketListener.bind(UnixAddress.unnamed());
        assertWoken(packets, () -> packets.accept(java.time.Duration.ofHours(1)));
    }

    /** Three threads wait in the same operation; one close wakes them all. */
    private static <C extends java.nio.channels.Channel> void assertWoken(C channel, Callable<?> operation)
            throws Exception {
        List<Background<?>> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                waiting.add(Background.blocked(operation));
            }
            // On a thread of its own: it waits for the others, who might never wake.
            waiting.addFirst(Background.run(() -> {
                channel.close();
                return null;
            }));
            waiting.removeFirst().get();
            for (Background<?> each : waiting) {
                assertThat(each.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            }
        } finally {
            waiting.forEach(Background::close);
        }
        assertThat(channel.isOpen()).isFalse();
        assertThatNothingWorks(operation::call);
    }

    private static void assertThatNothingWorks(ThrowingCallable operation) {
        org.assertj.core.api.Assertions.assertThatThrownBy(operation).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName(
            "L01: a number that is closed under a waiting thread is not reused for something that the thread then reads")
    void theNumberIsNotReused(SocketType type) throws Exception {
        byte[] secret = "somebody else's".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int round = 0; round < 120; round++) {
            SocketPair<? extends ScmSocket> pair = type.pair();
            try (Background<Integer> receiving = Background.run(
                    () -> Door.CONVENIENT.receive(pair.second(), 100, 0).bytes())) {
                if (round % 6 == 0) {
                    receiving.awaitBlocked();
                } else if (round % 6 < 3) {
                    Thread.onSpinWait();
                }
                pair.second().close();
                // As likely as not, one of these has the number of the closed one.
                try (SocketPair<? extends ScmSocket> other = type.pair()) {
                    other.first().send(ByteBuffer.wrap(secret));
                    other.second().send(ByteBuffer.wrap(secret));
                    assertThat(receiving.failure()).isInstanceOf(ClosedChannelException.class);
                    assertThat(other.first().tryReceive(100, 0)).isPresent();
                    assertThat(other.second().tryReceive(100, 0)).isPresent();
                }
            } finally {
                pair.close();
            }
        }
    }

    @Test
    void everythingOfAClosedSocketThrowsOrAnswers() throws IOException {
        for (SocketType type : SocketType.values()) {
            SocketPair<? extends ScmSocket> pair = type.pair();
            ScmSocket socket = pair.first();
            int number = socket.asFd().number();
            pair.close();
            try (ScmMessage message = ScmMessage.allocate(1, 1)) {
                assertThatNothingWorks(() -> socket.receive(message));
                assertThatNothingWorks(() -> socket.tryReceive(message));
                message.clear();
                message.payload().put((byte) 1);
                assertThatNothingWorks(() -> socket.send(message));
                assertThatNothingWorks(() -> socket.trySend(message));
            }
            assertThatNothingWorks(() -> socket.send(ByteBuffer.allocate(1)));
            assertThatNothingWorks(() -> socket.trySend(ByteBuffer.allocate(1)));
            assertThatNothingWorks(() -> socket.receive(1, 1));
            assertThatNothingWorks(() -> socket.tryReceive(1, 1));
            assertThatNothingWorks(() -> socket.receive(ByteBuffer.allocate(1), 1));
            assertThatNothingWorks(socket::shutdownInput);
            assertThatNothingWorks(socket::shutdownOutput);
            assertThatNothingWorks(socket.peer()::credentials);
            assertThatNothingWorks(socket::localAddress);
            assertThatNothingWorks(socket::remoteAddress);
            assertThat(socket.isOpen()).isFalse();
            assertThat(socket).hasToString(socket.getClass().getSimpleName() + "[fd " + number + ", closed]");
        }
    }
}
