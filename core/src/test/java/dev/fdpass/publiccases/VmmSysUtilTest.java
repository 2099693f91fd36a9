package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code sock_ctrl_msg} in the Rust crate {@code vmm-sys-util}, which refuses where this closes the rest. */
class VmmSysUtilTest {
    static Stream<Arguments> typesAndDoors() {
        return Door.withEachType();
    }

    private static void sendFourReceive(SocketType type, Door door, int room) throws IOException {
        try (Memfds files = new Memfds(4);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[] {(byte) 237}, files.first(4));
            int before = OpenFiles.count();
            try (Arrival arrival = door.receive(pair.second(), 1, room)) {
                assertThat(arrival.data()).containsExactly(237);
                assertThat(arrival.controlTruncated()).isTrue();
                assertThat(arrival.fds()).hasSize(room);
                files.assertFirstOnesAre(arrival.fds());
                assertThat(OpenFiles.count()).isEqualTo(before + room);
            }
            assertThat(OpenFiles.count()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R03: send_more_recv_less1")
    void sendMoreRecvLess1(SocketType type, Door door) throws IOException {
        sendFourReceive(type, door, 2);
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R03: send_more_recv_less2")
    void sendMoreRecvLess2(SocketType type, Door door) throws IOException {
        sendFourReceive(type, door, 0);
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R01: one more than there is room for, the odd one of a padded pair")
    void sendOneMore(SocketType type, Door door) throws IOException {
        sendFourReceive(type, door, 3);
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void sendRecvWithFd(SocketType type, Door door) throws IOException {
        try (EventFd event = EventFd.create();
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[] {(byte) 237}, event);
            try (Arrival arrival = door.receive(pair.second(), 1, 2)) {
                assertThat(arrival.fds()).hasSize(1);
                OwnedFd received = arrival.fds().getFirst();
                assertThat(received.number())
                        .isNotIn(
                                pair.first().asFd().number(),
                                pair.second().asFd().number(),
                                event.asFd().number());
                EventFd.adopt(received).write(1203);
                assertThat(event.read()).isEqualTo(1203);
            }
        }
    }
}
