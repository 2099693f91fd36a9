package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TruncatedPacketTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R08: a packet that is too large is cut, its descriptors arrive, and the result tells its length")
    void convenient(SocketType type) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.wrap(BYTES), files.first(2));
            try (Received received = pair.second().receive(4, 2)) {
                assertThat(received.isPayloadTruncated()).isTrue();
                assertThat(received.bytes()).isEqualTo(4);
                assertThat(received.packetBytes()).isEqualTo(10);
                assertThat(received.data()).isEqualTo(ByteBuffer.wrap(BYTES, 0, 4));
                assertThat(received.isControlTruncated()).isFalse();
                try (OwnedFd first = received.takeFd(0)) {
                    assertThat(first.info().isSameFile(files.get(0).asFd().info()))
                            .isTrue();
                }
            }
            assertThat(pair.second().tryReceive(10, 0)).as("the rest is gone").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R08: also with a reusable message, and with no room for bytes at all")
    void reusable(SocketType type) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage message = ScmMessage.allocate(0, 1)) {
            pair.first().send(ByteBuffer.wrap(BYTES), files.get(0));
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.isPayloadTruncated()).isTrue();
            assertThat(message.bytes()).isZero();
            assertThat(message.packetBytes()).isEqualTo(10);
            assertThat(message.fdCount()).isEqualTo(1);

            pair.first().send(ByteBuffer.allocate(0), files.get(0));
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.isPayloadTruncated())
                    .as("flags are those of the last receive")
                    .isFalse();
            assertThat(message.packetBytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void aPacketThatJustFitsIsNotTruncated(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.wrap(BYTES));
            try (Received received = pair.second().receive(10, 0)) {
                assertThat(received.isPayloadTruncated()).isFalse();
                assertThat(received.packetBytes()).isEqualTo(10);
            }
        }
    }
}
