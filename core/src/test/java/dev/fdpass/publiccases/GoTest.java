package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Cmsg;
import dev.fdpass.ControlMessage;
import dev.fdpass.Credentials;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.FromAChild;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of Go's {@code golang.org/x/sys/unix} and {@code net}. */
class GoTest {
    static Stream<Arguments> typesAndDoors() {
        return Door.withEachType();
    }

    /** {@code TestPassFD}: a child process makes a file, passes it and is gone. */
    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R16: TestPassFD")
    void passFd(SocketType type) throws Exception {
        try (Received received = FromAChild.receive(type, 32, "x", "Hello from child process!");
                OwnedFd file = received.takeFd(0)) {
            assertThat(received.fdCount()).isEqualTo(1);
            ByteBuffer content = ByteBuffer.allocate(100);
            file.read(content, 0);
            assertThat(Text.before(content)).isEqualTo("Hello from child process!");
        }
    }

    /** {@code TestUnixConnReadMsgUnixSCMRightsCloseOnExec}. */
    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R02: TestUnixConnReadMsgUnixSCMRightsCloseOnExec")
    void unixConnReadMsgUnixScmRightsCloseOnExec(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[1], files.get(0));
            try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                int flags = OpenFiles.flags(arrival.fds().getFirst().number());
                assertThat(flags & OpenFiles.CLOSE_ON_EXEC).isNotZero();
            }
        }
    }

    /** {@code TestUnixRightsRoundtrip}: several arrays of descriptor numbers, through the codec and back. */
    @Test
    void unixRightsRoundtrip() throws IOException {
        int[][][] cases = {{{42}, {1, 2}}, {{3, 4}, {5}}, {{}}, {{2}}, {{1, 3}}, {{}, {42}}};
        for (int[][] arrays : cases) {
            List<ControlMessage> messages =
                    Stream.of(arrays).map(ControlMessage::rights).toList();
            MemorySegment control = MemorySegment.ofArray(new byte[100]);
            long length = Cmsg.encode(control, messages);
            List<ControlMessage> decoded = Cmsg.decode(control.asSlice(0, length));
            assertThat(decoded.stream().map(ControlMessage::fds).toArray(int[][]::new))
                    .isDeepEqualTo(arrays);
        }
    }

    /** {@code TestSCMCredentials}: sent explicitly, without a byte where that goes; the receiver asked for them. */
    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("TestSCMCredentials")
    void scmCredentials(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage message = ScmMessage.allocate(1, 0)) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            message.payload().position(type == SocketType.STREAM ? 1 : 0);
            message.addCredentials(Credentials.ofSelf());
            pair.first().send(message);
            try (Received received = pair.second().receive(1, 0)) {
                assertThat(received.bytes()).isEqualTo(type == SocketType.STREAM ? 1 : 0);
                assertThat(received.credentials()).contains(Credentials.ofSelf());
            }
        }
    }
}
