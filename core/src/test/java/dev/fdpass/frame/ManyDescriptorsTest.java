package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One message of the kernel carries 253 descriptors; a frame may have more where its protocol has a way for them. */
class ManyDescriptorsTest {
    private static final FrameLimits MANY = FrameLimits.DEFAULT.maxFds(FrameLimits.MOST_FDS);

    private static AsFd[] fds(Memfds files, int count) {
        AsFd[] fds = new AsFd[count];
        Arrays.setAll(fds, i -> files.get(i % 300));
        return fds;
    }

    @ParameterizedTest
    @ValueSource(ints = {252, 253, 254, 506, 507, 1000, 2024})
    void moreThanOneMessageHoldsComeInOrder(int count) throws IOException {
        try (Memfds files = new Memfds(300)) {
            for (Wire wire : new Wire[] {Wire.HEADER, Wire.JSON}) {
                try (SocketPair<UnixStream> pair = UnixStream.pair();
                        FramedChannel left = FramedChannel.over(pair.first(), wire.framing(), MANY);
                        FramedChannel right = FramedChannel.over(pair.second(), wire.framing(), MANY)) {
                    left.send(ByteBuffer.wrap(Wire.content(0, 1)), files.first(1));
                    left.send(ByteBuffer.wrap(Wire.content(1, count)), fds(files, count));
                    left.send(ByteBuffer.wrap(Wire.content(2, 1)), files.first(1));
                    left.send(ByteBuffer.wrap(Wire.content(3, 0)));
                    Wire.assertFrame(right.receive(), Wire.content(0, 1), files, 1);
                    try (Frame frame = right.receive()) {
                        assertThat(frame.fdCount()).isEqualTo(count);
                        for (int i = 0; i < count; i += 41) {
                            try (var taken = frame.takeFd(i)) {
                                assertThat(taken.info()
                                                .isSameFile(files.get(i % 300)
                                                        .asFd()
                                                        .info()))
                                        .as("descriptor %d", i)
                                        .isTrue();
                            }
                        }
                    }
                    Wire.assertFrame(right.receive(), Wire.content(2, 1), files, 1);
                    Wire.assertFrame(right.receive(), Wire.content(3, 0), files, 0);
                }
            }
        }
    }

    @Test
    void withAHeaderTheyComeBeforeTheContent() throws IOException {
        try (Memfds files = new Memfds(300);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.lengthHeader(), MANY)) {
            left.send(ByteBuffer.allocate(100), fds(files, 600));
            assertPart(pair.second(), 1, 253);
            assertPart(pair.second(), 1, 253);
            assertPart(pair.second(), 110, 94);
        }
    }

    @Test
    void withJsonTheyFollowWithASpaceEach() throws IOException {
        byte[] content = Wire.content(0, 600);
        try (Memfds files = new Memfds(300);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.selfDelimitingJson(), MANY)) {
            left.send(ByteBuffer.wrap(content), fds(files, 600));
            assertPart(pair.second(), content.length, 253);
            assertPart(pair.second(), 1, 253);
            try (Received last = pair.second().receive(1000, 253)) {
                assertThat(last.data().get(0)).isEqualTo((byte) ' ');
                assertThat(last.bytes()).isEqualTo(1);
                assertThat(last.fdCount()).isEqualTo(94);
            }
        }
    }

    @Test
    @DisplayName("a closed descriptor among many is named before anything has gone, and the channel still sends")
    void oneOfManyIsClosed() throws IOException {
        for (Wire wire : new Wire[] {Wire.HEADER, Wire.JSON}) {
            try (Memfds files = new Memfds(300);
                    SocketPair<UnixStream> pair = UnixStream.pair();
                    FramedChannel left = FramedChannel.over(pair.first(), wire.framing(), MANY);
                    FramedChannel right = FramedChannel.over(pair.second(), wire.framing(), MANY)) {
                AsFd[] many = fds(files, 600);
                OwnedFd closed = files.get(0).asFd().duplicate();
                closed.closeAside();
                many[513] = closed;
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> left.send(ByteBuffer.wrap(Wire.content(1, 600)), many))
                        .withMessageContaining("descriptor 513");
                assertThat(right.tryReceive()).isEmpty();
                left.send(ByteBuffer.wrap(Wire.content(2, 1)), files.first(1));
                Wire.assertFrame(right.receive(), Wire.content(2, 1), files, 1);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // a descriptor that is closed early
    void aMessageThatIsSentAgainIsCheckedAgain() throws IOException {
        try (Memfds files = new Memfds(300);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.lengthHeader(), MANY);
                FramedChannel right = FramedChannel.over(pair.second(), Framing.lengthHeader(), MANY);
                FrameMessage message = FrameMessage.allocate(10);
                OwnedFd last = files.get(0).asFd().duplicate()) {
            for (AsFd fd : fds(files, 599)) {
                message.addFd(fd);
            }
            message.addFd(last);
            left.send(message);
            right.receive().close();
            last.close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> left.send(message))
                    .withMessageContaining("descriptor 599 of 600");
            assertThat(message.isPartlySent()).isFalse();
            assertThat(right.tryReceive()).isEmpty();
        }
    }

    private static void assertPart(ScmSocket socket, int bytes, int fds) throws IOException {
        try (Received part = socket.receive(1000, 253)) {
            assertThat(part.bytes()).isEqualTo(bytes);
            assertThat(part.fdCount()).isEqualTo(fds);
        }
    }

    @Test
    void aFrameThatEndsWithNulHasAtMost253() throws IOException {
        try (Memfds files = new Memfds(300);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.nulTerminated(), MANY);
                FramedChannel right = FramedChannel.over(pair.second(), Framing.nulTerminated(), MANY)) {
            refuses254(left, right, files);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQPACKET", "DATAGRAM"})
    @DisplayName("S01: a packet has at most 253 descriptors; more are refused, and the next one goes")
    void aPacketHasAtMost253(SocketType type) throws IOException {
        try (Memfds files = new Memfds(300);
                SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.lengthHeader(), MANY);
                FramedChannel right = FramedChannel.over(pair.second(), Framing.lengthHeader(), MANY)) {
            refuses254(left, right, files);
        }
    }

    private static void refuses254(FramedChannel left, FramedChannel right, Memfds files) throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> left.send(ByteBuffer.allocate(0), fds(files, 254)))
                .withMessageContaining("254")
                .withMessageContaining("253");
        assertThat(right.tryReceive()).isEmpty();
        left.send(ByteBuffer.wrap(Wire.content(0, 253)), fds(files, 253));
        Wire.assertFrame(right.receive(), Wire.content(0, 253), files, 253);
    }
}
