package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageMisuseTest {
    @Test
    void aSecondThreadIsRefused() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                SocketPair<UnixSeqpacket> other = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(8, 1);
                Background<Boolean> receiving =
                        Background.blocked(() -> pair.second().receive(message))) {
            other.first().send(ByteBuffer.allocate(1), files.get(0));
            List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> uses = List.of(
                    () -> other.second().receive(message),
                    () -> other.second().tryReceive(message),
                    () -> other.first().send(message),
                    () -> other.first().trySend(message),
                    () -> message.addBuffer(ByteBuffer.allocate(1)),
                    () -> message.addFd(files.get(0)),
                    () -> message.to(UnixAddress.unnamed()),
                    () -> message.takeFd(0),
                    message::sender,
                    message::clear);
            for (var use : uses) {
                assertThatIllegalStateException().isThrownBy(use).withMessageContaining("in use by another thread");
            }
            pair.first().send(ByteBuffer.allocate(3), files.get(0));
            assertThat(receiving.get()).isTrue();
            assertThat(message.bytes()).isEqualTo(3);
            message.takeFd(0).close();
        }
    }

    @Test
    @SuppressWarnings("try") // the early close is what is tested
    void aCloseDuringAReceiveTakesEffectAfterIt() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(8, 1);
                Background<Boolean> receiving =
                        Background.blocked(() -> pair.second().receive(message))) {
            int before = OpenFiles.count();
            message.close();
            assertThat(receiving.isDone()).isFalse();
            pair.first().send(ByteBuffer.allocate(3), files.get(0));
            assertThat(receiving.get()).isTrue();
            assertThat(OpenFiles.count()).as("what arrived is closed").isEqualTo(before);
            assertThatIllegalStateException()
                    .isThrownBy(() -> message.takeFd(0))
                    .withMessageContaining("closed");
        }
    }

    @Test
    void aClosedMessage() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            ScmMessage message = ScmMessage.allocate(8);
            message.close();
            message.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.first().send(message))
                    .withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(() -> pair.second().receive(message));
            assertThatIllegalStateException().isThrownBy(message::clear);
        }
    }

    @Test
    void sendingWhatWasReceived() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(8)) {
            pair.first().send(ByteBuffer.allocate(3));
            pair.second().receive(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.second().send(message))
                    .withMessageContaining("clear()");
            message.clear();
            pair.second().send(message);
            try (Received received = pair.first().receive(10, 0)) {
                assertThat(received.bytes()).isZero();
            }
        }
    }

    @Test
    @SuppressWarnings("try") // the early close is what is tested
    void takingADescriptorTwiceOrOneTooMany() throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(8)) {
            pair.first().send(ByteBuffer.allocate(1), files.first(2));
            pair.first().send(ByteBuffer.allocate(1), files.first(2));
            pair.second().receive(message);
            try (OwnedFd taken = message.takeFd(1);
                    Received received = pair.second().receive(1, 2);
                    OwnedFd alsoTaken = received.takeFd(1)) {
                assertThat(taken.isOpen() && alsoTaken.isOpen()).isTrue();
                assertThatIllegalStateException()
                        .isThrownBy(() -> message.takeFd(1))
                        .withMessageContaining("descriptor 1 was taken");
                assertThatIllegalStateException().isThrownBy(() -> received.takeFd(1));
                for (int wrong : new int[] {-1, 2}) {
                    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> message.takeFd(wrong));
                    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> received.takeFd(wrong));
                }
                List<OwnedFd> rest = received.takeFds();
                assertThat(rest).hasSize(1);
                rest.getFirst().close();
                received.close();
                assertThatIllegalStateException()
                        .isThrownBy(() -> received.takeFd(0))
                        .withMessageContaining("closed");
                assertThat(taken.isOpen() && alsoTaken.isOpen())
                        .as("taken ones are the caller's")
                        .isTrue();
            }
        }
    }

    @Test
    void aMessageIsReusedForBothWays() throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(100, 2)) {
            for (int i = 0; i < 100; i++) {
                message.payload().putInt(i);
                message.addFd(files.get(0)).addFd(files.get(1));
                if (i % 3 == 0) {
                    message.addBuffer(ByteBuffer.allocate(i % 50));
                }
                pair.first().send(message);
                message.clear();
                assertThat(pair.second().receive(message)).isTrue();
                assertThat(message.payload().getInt()).isEqualTo(i);
                assertThat(message.bytes()).isEqualTo(4 + (i % 3 == 0 ? i % 50 : 0));
                assertThat(message.fdCount()).isEqualTo(2);
                message.clear();
                assertThat(message.fdCount()).isZero();
                assertThat(message.payload().remaining()).isEqualTo(100);
            }
        }
    }
}
