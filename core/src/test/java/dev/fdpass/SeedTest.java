package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests that this library's ancestor had, by name and meaning, on every socket type and through both doors. */
class SeedTest {
    private static final byte[] BYTES = {1, 1, 2, 21, 34, 55};

    static Stream<Arguments> typesAndDoors() {
        return Door.withEachType();
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "1, 24", "2, 24", "3, 32", "4, 32"})
    void bufferLen(int fds, int space) {
        assertThat(Cmsg.space(fds * 4L)).isEqualTo(space);
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void sendRecvNoFd(SocketType type, Door door) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(door.send(pair.first(), BYTES)).isEqualTo(6);
            try (Arrival arrival = door.receive(pair.second(), 6, 1)) {
                assertThat(arrival.bytes()).isEqualTo(6);
                assertThat(arrival.data()).isEqualTo(BYTES);
                assertThat(arrival.fds()).isEmpty();
            }

            ByteBuffer[] buffers = {ByteBuffer.wrap(BYTES)};
            assertThat(pair.first().send(buffers)).isEqualTo(6);
            try (Arrival arrival = door.receive(pair.second(), 6, 1)) {
                assertThat(arrival.bytes()).isEqualTo(6);
                assertThat(arrival.data()).isEqualTo(BYTES);
                assertThat(arrival.fds()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void sendRecvOnlyFdOverDatagram(Door door) throws IOException {
        sendRecvOnlyFd(SocketType.DATAGRAM, door);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void sendRecvOnlyFdOverSeqpacket(Door door) throws IOException {
        sendRecvOnlyFd(SocketType.SEQPACKET, door);
    }

    private static void sendRecvOnlyFd(SocketType type, Door door) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create()) {
            assertThat(door.send(pair.first(), new byte[0], event)).isZero();
            try (Arrival arrival = door.receive(pair.second(), 0, 1)) {
                assertThat(arrival.bytes()).isZero();
                assertIsSameCounter(arrival, event);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void sendRecvOnlyFdIsRefusedOnStreams(Door door) throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                EventFd event = EventFd.create()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> door.send(pair.first(), new byte[0], event))
                    .withMessageContaining("at least one byte");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> door.receive(pair.second(), 0, 1))
                    .withMessageContaining("room for 0 bytes");
            assertThat(pair.second().tryReceive(1, 1)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void sendRecvWithFd(SocketType type, Door door) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create()) {
            assertThat(door.send(pair.first(), new byte[] {(byte) 237}, event)).isEqualTo(1);
            try (Arrival arrival = door.receive(pair.second(), 1, 2)) {
                assertThat(arrival.bytes()).isEqualTo(1);
                assertThat(arrival.data()).containsExactly(237);
                assertIsSameCounter(arrival, event);
            }
        }
    }

    private static void assertIsSameCounter(Arrival arrival, EventFd event) throws IOException {
        assertThat(arrival.fds()).hasSize(1);
        OwnedFd fd = arrival.fds().getFirst();
        assertThat(fd.number()).isNotNegative().isNotEqualTo(event.asFd().number());
        EventFd.adopt(fd).write(1203);
        assertThat(event.read()).isEqualTo(1203);
    }

    @Test
    void theMostDescriptorsInOneMessageIs253() {
        assertThat(ScmMessage.SCM_MAX_FDS).isEqualTo(253);
    }
}
