package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeqpacketTest {
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R12: nextPacketSize tells the size again and again, and installs no descriptor")
    void nextPacketSize(SocketType type) throws IOException {
        try (Memfds files = new Memfds(3);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1234), files.first(3));
            pair.first().send(ByteBuffer.allocate(5));
            int before = OpenFiles.count();
            for (int i = 0; i < 3; i++) {
                assertThat(type.nextPacketSize(pair.second())).isEqualTo(1234);
            }
            assertThat(OpenFiles.count()).isEqualTo(before);
            try (Received received = pair.second().receive(type.nextPacketSize(pair.second()), 3)) {
                assertThat(received.bytes()).isEqualTo(1234);
                assertThat(received.isPayloadTruncated()).isFalse();
                assertThat(received.fdCount()).isEqualTo(3);
            }
            assertThat(type.nextPacketSize(pair.second())).isEqualTo(5);
        }
    }

    @Test
    void nextPacketSizeWaitsForOne() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Background<Integer> asking =
                        Background.blocked(() -> pair.second().nextPacketSize())) {
            pair.first().send(ByteBuffer.allocate(9));
            assertThat(asking.get()).isEqualTo(9);
        }
    }

    @Test
    void nextPacketSizeAtTheEnd() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Background<Integer> asking =
                        Background.blocked(() -> pair.second().nextPacketSize())) {
            pair.first().close();
            assertThat(asking.get()).isEqualTo(-1);
            assertThat(pair.second().nextPacketSize()).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("R14: an empty packet is a packet while the peer is there, and while more is behind it")
    void anEmptyPacketIsNotTheEnd() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(10, 1)) {
            pair.first().send(ByteBuffer.allocate(0));
            assertThat(pair.second().nextPacketSize()).isZero();
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.bytes()).isZero();
            assertThat(pair.second().tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);

            pair.first().send(ByteBuffer.allocate(0));
            pair.first().send(ByteBuffer.allocate(1));
            pair.first().close();
            assertThat(pair.second().nextPacketSize()).isZero();
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.isEndOfStream()).isFalse();
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.bytes()).isEqualTo(1);
            assertThat(pair.second().receive(message)).isFalse();
            assertThat(message.isEndOfStream()).isTrue();
        }
    }

    @Test
    @DisplayName("R14: an empty packet with a descriptor is never taken for the end")
    void anEmptyPacketWithADescriptor() throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            pair.first().send(ByteBuffer.allocate(0), files.get(0));
            pair.first().send(ByteBuffer.allocate(0), files.get(0));
            pair.first().close();
            try (Received withRoom = pair.second().receive(0, 1);
                    Received withoutRoom = pair.second().receive(0, 0)) {
                assertThat(withRoom.isEndOfStream()).isFalse();
                assertThat(withRoom.fdCount()).isEqualTo(1);
                assertThat(withoutRoom.isEndOfStream()).isFalse();
                assertThat(withoutRoom.isControlTruncated()).isTrue();
            }
            try (Received end = pair.second().receive(0, 1)) {
                assertThat(end.isEndOfStream()).isTrue();
            }
        }
    }

    @Test
    void oneSendIsOneReceive() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            for (int size = 1; size < 10; size++) {
                pair.first().send(ByteBuffer.allocate(size));
            }
            for (int size = 1; size < 10; size++) {
                Optional<Received> received = pair.second().tryReceive(100, 0);
                assertThat(received)
                        .hasValueSatisfying(it -> assertThat(it.isEndOfStream()).isFalse());
                assertThat(received.orElseThrow().bytes()).isEqualTo(size);
            }
            assertThat(pair.second().tryReceive(100, 0)).isEmpty();
        }
    }
}
