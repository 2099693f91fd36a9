package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ZeroLengthReceiveTest {
    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName(
            "R11: a receive without room for a byte is refused on a stream, where it would take the descriptors alone")
    void refusedOnAStream(Door door) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            door.send(pair.first(), new byte[] {5}, files.first(2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> door.receive(pair.second(), 0, 2))
                    .withMessageContaining("room for 0 bytes");
            assertThatIllegalArgumentException().isThrownBy(() -> pair.second().tryReceive(0, 2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.second().receive(new ByteBuffer[] {ByteBuffer.allocate(0)}, 2));
            try (Arrival arrival = door.receive(pair.second(), 1, 2)) {
                assertThat(arrival.data()).containsExactly(5);
                assertThat(arrival.fds()).as("they are still with their byte").hasSize(2);
                files.assertFirstOnesAre(arrival.fds());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"DATAGRAM, CONVENIENT", "DATAGRAM, REUSABLE", "SEQPACKET, CONVENIENT", "SEQPACKET, REUSABLE"})
    @DisplayName("R08 R11: where it takes a whole packet it is allowed, and says what was cut")
    void allowedForPackets(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[] {5}, files.first(2));
            try (Arrival arrival = door.receive(pair.second(), 0, 2)) {
                assertThat(arrival.payloadTruncated()).isTrue();
                assertThat(arrival.fds()).hasSize(2);
            }
            assertThat(pair.second().tryReceive(1, 2)).isEmpty();
        }
    }
}
