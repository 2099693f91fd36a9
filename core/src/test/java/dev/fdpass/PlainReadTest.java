package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainReadTest {
    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("R10: a plain read over bytes that carry descriptors closes and counts them")
    void closedAndCounted(boolean direct) throws IOException {
        try (Memfds files = new Memfds(253);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            int before = OpenFiles.count();
            ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(100) : ByteBuffer.allocate(100);
            for (int sent : new int[] {1, 2, 253}) {
                pair.first().send(ByteBuffer.wrap(HELLO), files.first(sent));
                assertThat(pair.second().read(buffer.clear())).isEqualTo(5);
                assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(HELLO));
                OpenFiles.awaitCount(before);
            }
            assertThat(pair.second().unexpectedFds()).isEqualTo(256);
        }
    }

    @Test
    @DisplayName("R10: or refuses them, and the bytes are there nevertheless")
    void refused() throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.second().onUnexpectedFds(UnexpectedFds.REFUSE);
            pair.first().send(ByteBuffer.wrap(HELLO), files.first(2));
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertThatIOException()
                    .isThrownBy(() -> pair.second().read(buffer))
                    .withMessageContaining("2 descriptors")
                    .withMessageContaining("5 bytes are in the buffer");
            assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(HELLO));
            assertThat(pair.second().unexpectedFds()).isEqualTo(2);

            pair.first().send(ByteBuffer.wrap(HELLO));
            assertThat(pair.second().read(buffer.clear()))
                    .as("bytes without descriptors")
                    .isEqualTo(5);
        }
    }

    @Test
    @DisplayName("R10: a scattering read and a stream on the channel do the same")
    void scatteringAndStreams() throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.first()
                    .write(new ByteBuffer[] {ByteBuffer.wrap(HELLO), ByteBuffer.allocate(0), ByteBuffer.wrap(HELLO)});
            ByteBuffer[] buffers = {ByteBuffer.allocate(3), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(30)};
            assertThat(pair.second().read(buffers)).isEqualTo(10);
            assertThat(buffers[0].flip()).isEqualTo(ByteBuffer.wrap("hel".getBytes(UTF_8)));
            assertThat(buffers[1].flip()).isEqualTo(ByteBuffer.wrap("loh".getBytes(UTF_8)));
            assertThat(buffers[2].flip()).isEqualTo(ByteBuffer.wrap("ello".getBytes(UTF_8)));

            pair.first().send(ByteBuffer.wrap(HELLO), files.get(0));
            pair.first().shutdownOutput();
            assertThat(Channels.newInputStream(pair.second()).readAllBytes()).isEqualTo(HELLO);
            assertThat(pair.second().unexpectedFds()).isEqualTo(1);
            assertThat(pair.second().read(ByteBuffer.allocate(1)))
                    .as("at the end")
                    .isEqualTo(-1);
            assertThat(pair.second().read(buffers)).as("at the end").isEqualTo(-1);
        }
    }

    @Test
    void partOfAnArrayOfBuffers() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            ByteBuffer[] out = {ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[] {2}), ByteBuffer.wrap(HELLO)
            };
            assertThat(pair.first().write(out, 1, 1)).isEqualTo(1);
            ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
            assertThat(pair.second().read(in, 1, 1)).isEqualTo(1);
            assertThat(in[0].position()).isZero();
            assertThat(in[1].get(0)).isEqualTo((byte) 2);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pair.first().write(out, 2, 2));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pair.second().read(in, -1, 1));
        }
    }

    @Test
    void aFullBufferReadsNothingAndDoesNotWait() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertThat(pair.second().read(ByteBuffer.allocate(0))).isZero();
            assertThat(pair.second().read(new ByteBuffer[] {ByteBuffer.allocate(0)}))
                    .isZero();
        }
    }

    @Test
    void aClosedChannelSaysSoWhateverTheBuffer() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.second().close();
            for (int size : new int[] {0, 1}) {
                ByteBuffer buffer = ByteBuffer.allocate(size);
                assertThatExceptionOfType(ClosedChannelException.class)
                        .isThrownBy(() -> pair.second().read(buffer));
                assertThatExceptionOfType(ClosedChannelException.class)
                        .isThrownBy(() -> pair.second().write(buffer));
            }
        }
    }
}
