package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Memfds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer may send a frame in any pieces: it is received as one, when its last byte is there and not before. */
class SplitFramesTest {
    private static void send(UnixStream socket, byte[] bytes, int from, int to, AsFd... fds) throws IOException {
        assertThat(socket.send(ByteBuffer.wrap(bytes, from, to - from), fds)).isEqualTo(to - from);
    }

    @ParameterizedTest
    @EnumSource
    void twoFramesSplitAtEachByte(Wire wire) throws IOException {
        byte[] first = wire.frame(1, 2);
        byte[] second = wire.frame(2, 3);
        try (Memfds files = new Memfds(3);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing())) {
            for (int split = 1; split < first.length; split++) {
                send(peer, first, 0, split, files.first(2));
                assertThat(channel.tryReceive()).isEmpty();
                send(peer, first, split, first.length);
                for (int next = 1; next < second.length; next++) {
                    send(peer, second, 0, next, files.first(3));
                    if (next == 1) {
                        Wire.assertFrame(channel.receive(), Wire.content(1, 2), files, 2);
                    }
                    assertThat(channel.tryReceive()).isEmpty();
                    send(peer, second, next, second.length);
                    Wire.assertFrame(channel.receive(), Wire.content(2, 3), files, 3);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void frameByFrameByteByByte(Wire wire) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing());
                FrameMessage message = FrameMessage.allocate(0)) {
            for (int fds = 0; fds <= 2; fds++) {
                byte[] bytes = wire.frame(7, fds);
                for (int i = 0; i < bytes.length; i++) {
                    assertThat(channel.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
                    send(peer, bytes, i, i + 1, files.first(i == 0 ? fds : 0));
                }
                assertThat(channel.tryReceive(message)).isEqualTo(TryResult.DONE);
                assertThat(Wire.bytes(message.data())).isEqualTo(Wire.content(7, fds));
                assertThat(message.fdCount()).isEqualTo(fds);
            }
        }
    }

    /** Nobody should, but then the descriptors still belong to the frame that the byte is in. */
    @ParameterizedTest
    @EnumSource
    void descriptorsWithALaterByteOfTheFrame(Wire wire) throws IOException {
        byte[] bytes = wire.frame(1, 2);
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing())) {
            for (int at = 1; at < bytes.length; at++) {
                send(peer, wire.frame(0, 0), 0, wire.frame(0, 0).length);
                send(peer, bytes, 0, at);
                send(peer, bytes, at, bytes.length, files.first(2));
                send(peer, wire.frame(2, 0), 0, wire.frame(2, 0).length);
                Wire.assertFrame(channel.receive(), Wire.content(0, 0), files, 0);
                Wire.assertFrame(channel.receive(), Wire.content(1, 2), files, 2);
                Wire.assertFrame(channel.receive(), Wire.content(2, 0), files, 0);
            }
        }
    }

    /** The kernel puts plain bytes in front of those that carry descriptors, and ends a receive behind the latter. */
    @ParameterizedTest
    @EnumSource
    void manyFramesInOneReceive(Wire wire) throws IOException {
        int count = 1000;
        try (Memfds files = new Memfds(3);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing())) {
            for (int every : new int[] {1000, 7, 2, 1}) {
                ByteArrayOutputStream plain = new ByteArrayOutputStream();
                for (int i = 1; i <= count; i++) {
                    int fds = i % every == 0 ? 3 : 0;
                    byte[] bytes = wire.frame(i, fds);
                    if (fds == 0) {
                        plain.write(bytes);
                    } else {
                        peer.send(ByteBuffer.wrap(plain.toByteArray()));
                        plain.reset();
                        send(peer, bytes, 0, bytes.length, files.first(fds));
                    }
                    if (i % 100 == 0) {
                        peer.send(ByteBuffer.wrap(plain.toByteArray()));
                        plain.reset();
                        for (int k = i - 99; k <= i; k++) {
                            int wanted = k % every == 0 ? 3 : 0;
                            Wire.assertFrame(channel.receive(), Wire.content(k, wanted), files, wanted);
                        }
                    }
                }
            }
            assertThat(channel.tryReceive()).isEmpty();
        }
    }

    /** As little is taken along as may be, so that frames are cut in every place. */
    @ParameterizedTest
    @EnumSource
    void withTheLeastRoomForWhatIsTakenAlong(Wire wire) throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBufferedBytes(16).maxBytes(1 << 12);
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing(), limits)) {
            for (int more = 0; more < 600; more += 5) {
                int fds = more % 3;
                byte[] content = Wire.content(more, fds, more);
                byte[] bytes = wire.frame(content, fds);
                send(peer, bytes, 0, bytes.length, files.first(fds));
                send(peer, wire.frame(1, 0), 0, wire.frame(1, 0).length);
                Wire.assertFrame(channel.receive(), content, files, fds);
                Wire.assertFrame(channel.receive(), Wire.content(1, 0), files, 0);
            }
        }
    }
}
