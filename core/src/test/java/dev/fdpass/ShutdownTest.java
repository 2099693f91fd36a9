package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShutdownTest {
    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void ofTheOutputIsTheEndForThePeer(SocketType type) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(2), files.get(0));
            pair.first().shutdownOutput();
            assertErrno("EPIPE", pair.first());
            try (Received received = pair.second().receive(10, 1)) {
                assertThat(received.bytes()).isEqualTo(2);
                assertThat(received.fdCount()).isEqualTo(1);
            }
            try (Received end = pair.second().receive(10, 1)) {
                assertThat(end.isEndOfStream()).isTrue();
            }
            // The other way is open.
            pair.second().send(ByteBuffer.allocate(3));
            try (Received received = pair.first().receive(10, 1)) {
                assertThat(received.bytes()).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void ofTheInputEndsItAndRefusesThePeer(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.second().shutdownInput();
            try (Received end = pair.second().receive(10, 1)) {
                assertThat(end.isEndOfStream()).isTrue();
            }
            assertErrno("EPIPE", pair.first());
            pair.second().send(ByteBuffer.allocate(3));
            try (Received received = pair.first().receive(10, 1)) {
                assertThat(received.bytes()).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void ofTheInputWakesAReceive(SocketType type) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                Background<Integer> receiving = Background.blocked(
                        () -> Door.REUSABLE.receive(pair.second(), 10, 1).bytes())) {
            pair.second().shutdownInput();
            assertThat(receiving.get()).isEqualTo(-1);
            assertThat(pair.second().isOpen()).isTrue();
        }
    }

    @Test
    void ofTheInputOfADatagramSocketIsItsEnd() throws IOException {
        try (SocketPair<UnixDatagram> pair = UnixDatagram.pair()) {
            pair.second().shutdownInput();
            try (Received end = pair.second().receive(10, 1)) {
                assertThat(end.isEndOfStream()).isTrue();
            }
            assertThat(pair.second().tryReceive(10, 1)).get().matches(Received::isEndOfStream);
            assertThat(pair.second().nextPacketSize()).isEqualTo(-1);
            assertErrno("EPIPE", pair.first());
        }
    }

    @Test
    void ofTheOutputOfADatagramSocketConcernsItAlone() throws IOException {
        try (UnixDatagram server = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram client = UnixDatagram.open().connect(server.localAddress())) {
            client.shutdownOutput();
            assertErrno("EPIPE", client);
            assertThat(server.tryReceive(1, 0)).isEmpty();
        }
    }

    private static void assertErrno(String name, ScmSocket sender) {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> sender.send(ByteBuffer.allocate(1)))
                .satisfies(e -> assertThat(e.name()).isEqualTo(name));
    }
}
