package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several messages with one system call. */
class BatchTest {
    private static final int COUNT = 5;

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void eachMessageComesWithItsOwnDescriptors(SocketType type) throws IOException {
        try (Memfds files = new Memfds(COUNT);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch out = batch(files);
                ScmBatch in = ScmBatch.allocate(COUNT + 3, 8, 2)) {
            pair.first().sendAll(out, COUNT);
            assertThat(out.sent()).isZero();
            int before = OpenFiles.count();
            assertThat(pair.second().receiveAll(in)).isEqualTo(COUNT);
            assertThat(OpenFiles.count()).isEqualTo(before + COUNT);
            for (int i = 0; i < COUNT; i++) {
                ScmMessage message = in.message(i);
                assertThat(message.bytes()).isEqualTo(2);
                assertThat(message.payload().get()).isEqualTo((byte) i);
                assertThat(message.fdCount()).isEqualTo(1);
                assertThat(message.isControlTruncated()).isFalse();
                try (OwnedFd fd = message.takeFd(0)) {
                    assertThat(fd.info().isSameFile(files.first(COUNT)[i].asFd().info()))
                            .isTrue();
                    assertThat(OpenFiles.flags(fd.number()) & OpenFiles.CLOSE_ON_EXEC)
                            .isNotZero();
                }
            }
            assertThat(in.message(COUNT).bytes()).isZero();
            assertThat(pair.second().tryReceiveAll(in)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SocketType.class,
            names = {"SEQPACKET", "DATAGRAM"})
    @DisplayName("R14: an empty packet is no end while others came behind it, although the peer has closed")
    void behindAnEmptyPacket(SocketType type) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch in = ScmBatch.allocate(4, 8, 1)) {
            pair.first().send(ByteBuffer.allocate(1));
            pair.first().send(ByteBuffer.allocate(0));
            pair.first().send(ByteBuffer.allocate(4), files.first(1));
            pair.first().close();
            assertThat(pair.second().receiveAll(in)).isEqualTo(3);
            assertThat(in.messages().stream().limit(3).map(ScmMessage::bytes)).containsExactly(1, 0, 4);
            assertThat(in.message(2).fdCount()).isEqualTo(1);
            assertThat(in.message(1).isEndOfStream()).isFalse();
        }
    }

    @Test
    void whatABatchHoldsIsNotClosedByAReceiveThatIsRefused() throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmBatch in = ScmBatch.allocate(2, 8, 1)) {
            pair.first().send(ByteBuffer.allocate(1), files.first(1));
            assertThat(pair.second().receiveAll(in)).isEqualTo(1);
            in.message(1).addBuffer(ByteBuffer.allocateDirect(8).asReadOnlyBuffer());
            assertThatIllegalArgumentException().isThrownBy(() -> pair.second().receiveAll(in));
            try (OwnedFd fd = in.message(0).takeFd(0)) {
                assertThat(fd.info().isSameFile(files.first(1)[0].asFd().info()))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R08 R03: what is too much for one message of a batch is told of that one, and nothing leaks")
    void truncation(SocketType type) throws IOException {
        try (Memfds files = new Memfds(3);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch in = ScmBatch.allocate(4, 8, 1)) {
            pair.first().send(ByteBuffer.allocate(1), files.first(1));
            pair.first().send(ByteBuffer.allocate(1), files.first(3));
            pair.first().send(ByteBuffer.allocate(1), files.first(1));
            int before = OpenFiles.count();
            assertThat(pair.second().receiveAll(in)).isEqualTo(3);
            assertThat(OpenFiles.count()).isEqualTo(before + 3);
            assertThat(in.messages().stream().map(ScmMessage::isControlTruncated))
                    .containsExactly(false, true, false, false);
            in.clear();
            assertThat(OpenFiles.count()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S11: where the third message is bad two have gone, it tells why, and to send again goes on there")
    void theThirdIsBad(SocketType type) throws IOException {
        try (Memfds files = new Memfds(COUNT);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch out = ScmBatch.allocate(COUNT, 8, 1);
                ScmBatch in = ScmBatch.allocate(COUNT, 8, 1)) {
            OwnedFd third = files.first(COUNT)[2].asFd().duplicate();
            for (int i = 0; i < COUNT; i++) {
                out.message(i).payload().put((byte) i);
                out.message(i).addFd(i == 2 ? third : files.first(COUNT)[i]);
            }
            third.close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().sendAll(out, COUNT))
                    .withMessageContaining("descriptor 0 of 1 to be sent")
                    .withMessageContaining("is closed");
            assertThat(out.sent()).isEqualTo(2);
            assertThat(pair.second().receiveAll(in)).isEqualTo(2);

            out.message(2).clear();
            out.message(2).payload().put((byte) 2);
            out.message(2).addFd(files.first(COUNT)[2]);
            pair.first().sendAll(out, COUNT);
            assertThat(out.sent()).isZero();
            assertThat(pair.second().receiveAll(in)).isEqualTo(3);
            assertThat(in.messages().stream()
                            .limit(3)
                            .map(message -> message.payload().get()))
                    .containsExactly((byte) 2, (byte) 3, (byte) 4);
            assertThat(in.messages().stream().limit(3).map(ScmMessage::fdCount)).containsExactly(1, 1, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("S11 S12: a packet that the kernel refuses is named by its error, after those before it went")
    void tooLarge(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch out = ScmBatch.allocate(3, 1, 0);
                ScmBatch in = ScmBatch.allocate(3, 8, 0)) {
            for (ScmMessage message : out.messages()) {
                message.payload().put((byte) 1);
            }
            out.message(1).addBuffer(ByteBuffer.allocateDirect(1 << 23));
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> pair.first().sendAll(out, 3))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EMSGSIZE"));
            assertThat(out.sent()).isEqualTo(1);
            assertThat(pair.second().receiveAll(in)).isEqualTo(1);
            out.clear();
            assertThat(out.sent()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S05: a batch that does not fit goes on where it stopped, descriptors once")
    void moreThanFits(SocketType type) throws Exception {
        int count = 300;
        int size = 4096;
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch out = ScmBatch.allocate(count, size, 1);
                ScmBatch in = ScmBatch.allocate(7, size, 1)) {
            for (int i = 0; i < count; i++) {
                ByteBuffer payload = out.message(i).payload();
                while (payload.hasRemaining()) {
                    payload.put((byte) i);
                }
                out.message(i).addFd(files.first(1)[0]);
            }
            assertThat(pair.first().trySendAll(out, count)).isFalse();
            int went = out.sent();
            assertThat(went).isPositive().isLessThan(count);
            try (Background<Void> sending = Background.run(() -> {
                pair.first().sendAll(out, count);
                return null;
            })) {
                long bytes = 0;
                int fds = 0;
                while (bytes < (long) count * size) {
                    int came = pair.second().receiveAll(in);
                    for (int i = 0; i < came; i++) {
                        assertThat(in.message(i).payload().get()).isEqualTo((byte) (bytes / size));
                        bytes += in.message(i).bytes();
                        fds += in.message(i).fdCount();
                    }
                }
                sending.get();
                assertThat(bytes).isEqualTo((long) count * size);
                assertThat(fds).isEqualTo(count);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void theEndIsToldAfterWhatCameBefore(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch in = ScmBatch.allocate(3, 8, 1)) {
            pair.first().send(ByteBuffer.allocate(1), pair.first());
            pair.first().close();
            assertThat(pair.second().receiveAll(in)).isEqualTo(1);
            assertThat(in.message(0).fdCount()).isEqualTo(1);
            in.clear();
            assertThat(pair.second().receiveAll(in)).isZero();
            assertThat(pair.second().tryReceiveAll(in)).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L01: waiting for a batch ends with its timeout and with close")
    void waiting(SocketType type) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmBatch in = ScmBatch.allocate(3, 8, 1)) {
            pair.second().setReceiveTimeout(Duration.ofMillis(20));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.second().receiveAll(in));
            pair.second().setReceiveTimeout(Duration.ZERO);
            try (Background<Integer> receiving =
                    Background.blocked(() -> pair.second().receiveAll(in))) {
                assertThatIllegalStateException().isThrownBy(() -> in.message(1).clear());
                pair.second().close();
                assertThat(receiving.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            }
            in.message(1).clear();
        }
    }

    @Test
    void badInputIsRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScmBatch.allocate(0, 1, 1))
                .withMessageContaining("1 to 1024");
        assertThatIllegalArgumentException().isThrownBy(() -> ScmBatch.allocate(1025, 1, 1));
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                ScmBatch out = ScmBatch.allocate(2, 8, 1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().sendAll(out, 3))
                    .withMessageContaining("give 1 to");
            out.message(0).payload().put((byte) 1);
            out.message(1).addFd(pair.first());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().sendAll(out, 2))
                    .withMessageContaining("at least one byte");
            assertThat(pair.second().tryReceive(8, 1)).isEmpty();
        }
    }

    private static ScmBatch batch(Memfds files) {
        ScmBatch batch = ScmBatch.allocate(COUNT, 8, 1);
        for (int i = 0; i < COUNT; i++) {
            batch.message(i).payload().put((byte) i).put((byte) 7);
            batch.message(i).addFd(files.first(COUNT)[i]);
        }
        return batch;
    }
}
