package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.MSG_CMSG_CLOEXEC;
import static dev.fdpass.linux.SocketConstants.MSG_CTRUNC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.linux.ControlSummary;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Holds;
import dev.fdpass.linux.MessageBlock;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TruncatedCredentialsTest {
    /** {@code CMSG_LEN(sizeof(struct ucred))}. */
    private static final int WHOLE = 16 + 12;

    private static final int NO_FDS = 0;

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R06: credentials that the kernel cut, at whatever byte, are none; whole ones are")
    void cutAtEveryByte(SocketType type) throws IOException {
        MessageBlock block = new MessageBlock(1, 1);
        block.buffer(0, block.payload().address(), 1);
        ControlSummary found = new ControlSummary();
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            int socket = pair.second().asFd().number();
            for (int room = 0; room <= WHOLE + 4; room++) {
                pair.first().send(ByteBuffer.allocate(1));
                block.prepareReceive(0, 1, NO_FDS, room, false);
                assertThat(block.recvmsg(socket, MSG_CMSG_CLOEXEC, new Holds())).isEqualTo(1);
                block.takeControl(new int[1], 1, found, Descriptors::close);
                assertThat(block.hasFlag(MSG_CTRUNC)).as("cut to %d", room).isEqualTo(room < WHOLE);
                assertThat(found.hasCredentials()).as("cut to %d", room).isEqualTo(room >= WHOLE);
                assertThat(found.isMalformed()).as("cut to %d", room).isFalse();
                if (found.hasCredentials()) {
                    assertThat(found.pid())
                            .isEqualTo((int) ProcessHandle.current().pid());
                }
            }
        }
    }

    /** Another holder of the socket, as another process would be, asks for credentials; this one does not know. */
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName(
            "R06: where somebody else turned them on, they take the room of the descriptors: it is said, nothing leaks")
    void turnedOnByAnother(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmSocket other =
                        type.adopt(OwnedFd.duplicateOf(pair.second().asFd().number()))) {
            other.setOption(ScmOption.SO_PASSCRED, true);
            door.send(pair.first(), new byte[] {5}, files.first(2));
            int before = OpenFiles.count();
            try (Arrival arrival = door.receive(pair.second(), 1, 2)) {
                assertThat(arrival.data()).containsExactly(5);
                assertThat(arrival.controlTruncated()).isTrue();
                assertThat(arrival.fds()).isEmpty();
                assertThat(OpenFiles.count()).isEqualTo(before);
            }
            door.send(pair.first(), new byte[] {6}, files.first(2));
            try (Received known = other.receive(1, 2)) {
                assertThat(known.credentials()).contains(Credentials.ofSelf());
                assertThat(known.fdCount()).isEqualTo(2);
                assertThat(known.isControlTruncated()).isFalse();
            }
        }
    }
}
