package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three messages, sent one after the other, of which the third is bad. */
class SeveralMessagesTest {
    private static ScmMessage message(int number, AsFd fd) {
        ScmMessage message = ScmMessage.allocate(1, 1);
        message.payload().put((byte) number);
        return message.addFd(fd);
    }

    private static int sendAll(ScmSocket socket, List<ScmMessage> messages) throws IOException {
        int sent = 0;
        try {
            for (ScmMessage message : messages) {
                socket.send(message);
                sent++;
            }
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("descriptor 0 of 1").hasMessageContaining("closed");
        }
        return sent;
    }

    private static void assertReceives(ScmSocket socket, int number, Memfds files) throws IOException {
        try (Received received = socket.receive(10, 3)) {
            assertThat(received.data()).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) number}));
            try (OwnedFd fd = received.takeFd(0)) {
                assertThat(fd.info().isSameFile(files.get(number).asFd().info()))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S11: two arrive, the third tells its error, and can be mended and sent")
    void theThirdIsBad(SocketType type) throws IOException {
        List<ScmMessage> messages = new ArrayList<>();
        try (Memfds files = new Memfds(3);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            OwnedFd closed = files.get(2).asFd().duplicate();
            for (int i = 0; i < 3; i++) {
                messages.add(message(i, i == 2 ? closed : files.get(i)));
            }
            closed.close();
            assertThat(sendAll(pair.first(), messages)).isEqualTo(2);
            assertReceives(pair.second(), 0, files);
            assertReceives(pair.second(), 1, files);
            assertThat(pair.second().tryReceive(10, 3)).isEmpty();

            ScmMessage third = messages.get(2);
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().send(third));
            third.clear();
            third.payload().put((byte) 2);
            third.addFd(files.get(2));
            assertThat(sendAll(pair.first(), messages.subList(2, 3))).isEqualTo(1);
            assertReceives(pair.second(), 2, files);
        } finally {
            messages.forEach(ScmMessage::close);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("S11: likewise when it is the kernel that refuses the third, because it is too large")
    void theKernelRefusesTheThird(SocketType type) throws IOException {
        try (Memfds files = new Memfds(3);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage third = ScmMessage.allocate(16 << 20, 1)) {
            for (int i = 0; i < 2; i++) {
                try (ScmMessage good = message(i, files.get(i))) {
                    pair.first().send(good);
                }
            }
            third.addFd(files.get(2)).payload().position(third.payload().capacity());
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> pair.first().send(third))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EMSGSIZE"));
            third.payload().clear().put((byte) 2);
            pair.first().send(third);
            for (int i = 0; i < 3; i++) {
                assertReceives(pair.second(), i, files);
            }
        }
    }
}
