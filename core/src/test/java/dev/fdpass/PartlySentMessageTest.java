package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is noted when a message is prepared must still hold when it is sent. */
class PartlySentMessageTest {
    @Test
    @DisplayName("S05: a partly sent message cannot be changed, and then goes on")
    void cannotBeChanged() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                EventFd event = EventFd.create();
                ScmMessage message = ScmMessage.allocate(16, 2)) {
            message.payload().put((byte) 1);
            message.addBuffer(ByteBuffer.allocateDirect(1 << 20)).addFd(event);
            assertThat(pair.first().trySend(message)).isFalse();
            assertThat(message.sentBytes()).isPositive();

            assertThatIllegalStateException()
                    .isThrownBy(() -> message.addFd(event))
                    .withMessageContaining("partly sent");
            assertThatIllegalStateException().isThrownBy(() -> message.addBuffer(ByteBuffer.allocateDirect(1)));
            assertThatIllegalStateException().isThrownBy(() -> message.to(UnixAddress.of("@x")));
            message.payload().put((byte) 2);
            assertThatIllegalStateException().isThrownBy(() -> pair.first().trySend(message));
            message.payload().position(1);

            long received = 0;
            int fds = 0;
            while (received < (1 << 20) + 1) {
                try (Received part = pair.second().receive(1 << 16, 2)) {
                    received += part.bytes();
                    fds += part.fdCount();
                }
                if (message.sentBytes() > 0) {
                    pair.first().trySend(message);
                }
            }
            assertThat(fds).isEqualTo(1);
        }
    }

    @Test
    void aBufferWhoseLimitFellIsRefusedBeforeAnythingGoes() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(0, 0)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(10);
            message.addBuffer(buffer);
            buffer.limit(4);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().send(message))
                    .withMessageContaining("buffer 0");
            assertThat(pair.second().tryReceive(10, 0)).isEmpty();
            assertThat(message.sentBytes()).isZero();
        }
    }

    @Test
    void memoryOfAClosedArenaIsRefusedHoweverManyThereAre() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(0, 0)) {
            for (int i = 0; i < 5; i++) {
                message.addBuffer(ByteBuffer.allocateDirect(1));
            }
            Arena arena = Arena.ofShared();
            message.addBuffer(arena.allocate(8));
            arena.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.first().send(message))
                    .withMessageContaining("arena");
            assertThatIllegalStateException().isThrownBy(() -> pair.first().receive(message));
        }
    }
}
