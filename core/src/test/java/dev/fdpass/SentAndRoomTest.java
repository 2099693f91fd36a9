package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.MSG_CMSG_CLOEXEC;
import static dev.fdpass.linux.SocketConstants.MSG_DONTWAIT;
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

/** More descriptors sent than there is room for; all numbers of both are in {@link SentAndRoomMatrixTest}. */
class SentAndRoomTest {
    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R01: the kernel itself installs none that did not fit, however the room is padded")
    void noneTooManyIsInstalled(SocketType type) throws IOException {
        int[] numbers = new int[253];
        ControlSummary summary = new ControlSummary();
        MessageBlock block = new MessageBlock(1, 253);
        block.buffer(0, block.payload().address(), 1);
        try (Memfds files = new Memfds(34);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            for (int room : new int[] {1, 2, 3, 31, 33}) {
                pair.first().send(ByteBuffer.allocate(1), files.first(34));
                block.prepareReceive(0, 1, room, 0, false);
                block.recvmsg(pair.second().asFd().number(), MSG_DONTWAIT | MSG_CMSG_CLOEXEC, new Holds());
                block.takeControl(numbers, 253, summary, Descriptors::close);
                for (int i = 0; i < summary.fds(); i++) {
                    OwnedFd.adopt(numbers[i]).close();
                }
                assertThat(summary.fds()).isEqualTo(room);
                assertThat(summary.surplus()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R03: what did not fit leaves the payload and the next message whole")
    void truncationIsNoFailure(Door door) throws IOException {
        try (Memfds files = new Memfds(3);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            door.send(pair.first(), "first".getBytes(java.nio.charset.StandardCharsets.UTF_8), files.first(3));
            door.send(pair.first(), "second".getBytes(java.nio.charset.StandardCharsets.UTF_8), files.first(1));
            try (Arrival first = door.receive(pair.second(), 100, 1);
                    Arrival second = door.receive(pair.second(), 100, 1)) {
                assertThat(first.data()).asString().isEqualTo("first");
                assertThat(first.controlTruncated()).isTrue();
                assertThat(first.fds()).hasSize(1);
                assertThat(second.data()).asString().isEqualTo("second");
                assertThat(second.controlTruncated()).isFalse();
                files.assertFirstOnesAre(second.fds());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R03 R08: nobody takes what arrived, and it is closed")
    void whatNobodyTakesIsClosed(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(32);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[10], files.first(32));
            int before = OpenFiles.count();
            switch (door) {
                case CONVENIENT -> {
                    try (Received received = pair.second().receive(10, 31)) {
                        received.takeFd(7).close();
                        assertThat(received.fdCount()).isEqualTo(31);
                        assertThat(OpenFiles.count()).isEqualTo(before + 30);
                    }
                }
                case REUSABLE -> {
                    try (ScmMessage message = ScmMessage.allocate(10, 31)) {
                        pair.second().receive(message);
                        message.takeFd(7).close();
                        assertThat(OpenFiles.count()).isEqualTo(before + 30);
                        message.clear();
                        assertThat(OpenFiles.count()).isEqualTo(before);
                        door.send(pair.first(), new byte[10], files.first(3));
                        pair.second().receive(message);
                        door.send(pair.first(), new byte[10], files.first(2));
                        pair.second().receive(message);
                        assertThat(OpenFiles.count())
                                .as("the next receive closes")
                                .isEqualTo(before + 2);
                    }
                }
            }
            assertThat(OpenFiles.count()).isEqualTo(before);
        }
    }
}
