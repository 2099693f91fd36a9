package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendLimitsTest {
    private static final ByteBuffer SIXTEEN_MIB = ByteBuffer.allocateDirect(1 << 24);

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S01: 253 descriptors go in one message, 254 are refused before the call")
    void descriptors(SocketType type) throws IOException {
        try (EventFd event = EventFd.create();
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            AsFd[] most = new AsFd[253];
            Arrays.fill(most, event);
            AsFd[] tooMany = new AsFd[254];
            Arrays.fill(tooMany, event);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().send(ByteBuffer.allocate(1), tooMany))
                    .withMessageContaining("254 descriptors")
                    .withMessageContaining("253");
            assertThat(pair.second().tryReceive(1, 0)).isEmpty();

            pair.first().send(ByteBuffer.allocate(1), most);
            try (Received received = pair.second().receive(1, 253)) {
                assertThat(received.fdCount()).isEqualTo(253);
            }
        }
    }

    @Test
    @DisplayName("S01: a message has room for 0 to 253 descriptors, and says what to do when it is full")
    void roomOfAMessage() throws IOException {
        for (int wrong : new int[] {-1, 254}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ScmMessage.allocate(1, wrong))
                    .withMessageContaining("0 to 253");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScmMessage.allocate(-1, 0))
                .withMessageContaining("-1 bytes");
        try (EventFd event = EventFd.create();
                ScmMessage standard = ScmMessage.allocate(1);
                ScmMessage most = ScmMessage.allocate(1, 253)) {
            for (int i = 0; i < 32; i++) {
                standard.addFd(event);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> standard.addFd(event))
                    .withMessageContaining("room for 32");
            for (int i = 0; i < 253; i++) {
                most.addFd(event);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> most.addFd(event))
                    .withMessageContaining("at most 253");
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void roomToReceiveIsZeroTo253(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            for (int wrong : new int[] {-1, 254}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.second().receive(1, wrong));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.second().tryReceive(1, wrong));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.second().receive(ByteBuffer.allocate(1), wrong));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.second().receive(-1, 0))
                    .withMessageContaining("-1 bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S02: 1024 buffers go in one message, 1025 are refused before the call")
    void buffers(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer[] most = new ByteBuffer[1024];
                ByteBuffer[] room = new ByteBuffer[1024];
                for (int i = 0; i < 1024; i++) {
                    most[i] = direct ? ByteBuffer.allocateDirect(2) : ByteBuffer.allocate(2);
                    most[i].putChar(0, (char) i);
                    room[i] = direct ? ByteBuffer.allocate(2) : ByteBuffer.allocateDirect(2);
                }
                ByteBuffer[] tooMany = Arrays.copyOf(most, 1025);
                tooMany[1024] = ByteBuffer.allocate(2);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.first().send(tooMany))
                        .withMessageContaining("1024");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.second().receive(tooMany, 0));
                assertThat(pair.second().tryReceive(1, 0)).isEmpty();
                assertThat(most[0].position()).isZero();

                assertThat(pair.first().send(most)).isEqualTo(2048);
                try (Received received = pair.second().receive(room, 0)) {
                    assertThat(received.bytes()).isEqualTo(2048);
                }
                for (int i = 0; i < 1024; i++) {
                    assertThat(room[i].position()).isEqualTo(2);
                    assertThat(room[i].getChar(0)).isEqualTo((char) i);
                }
            }
        }
    }

    @Test
    @DisplayName("S02: the payload of a reusable message counts as one more")
    void buffersBesideThePayload() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(1, 0)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1);
            for (int i = 0; i < 1024; i++) {
                message.addBuffer(buffer);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> message.addBuffer(buffer))
                    .withMessageContaining("1024");
            pair.first().send(message);
            message.payload().put((byte) 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().send(message))
                    .withMessageContaining("1024");
            try (Received received = pair.second().receive(2000, 0)) {
                assertThat(received.bytes()).isEqualTo(1024);
            }
            assertThat(pair.second().tryReceive(1, 0)).isEmpty();
        }
    }

    /** Each count once: the arrays behind it grow at some, and must not at others. */
    @Test
    void everyNumberOfBuffers() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage out = ScmMessage.allocate(100, 0);
                ScmMessage in = ScmMessage.allocate(0, 0)) {
            for (int count = 1; count <= 140; count++) {
                out.clear();
                in.clear();
                ByteBuffer room = ByteBuffer.allocateDirect(count);
                for (int i = 0; i < count; i++) {
                    out.addBuffer(ByteBuffer.allocateDirect(1).put(0, (byte) i));
                    in.addBuffer(room.slice(i, 1));
                }
                pair.first().send(out);
                pair.second().receive(in);
                assertThat(in.bytes()).isEqualTo(count);
                for (int i = 0; i < count; i++) {
                    assertThat(room.get(i)).as("buffer %d of %d", i, count).isEqualTo((byte) i);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName(
            "S04: descriptors without a byte are refused on a stream, also in empty buffers, and stay the sender's")
    void noBytesOnAStream(Door door) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> door.send(pair.first(), new byte[0], files.get(0)))
                    .withMessageContaining("at least one byte");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first()
                            .send(
                                    new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)},
                                    files.get(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.first().send(new ByteBuffer[0], files.get(0)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().trySend(ByteBuffer.allocate(0), files.get(0)));
            door.send(pair.first(), new byte[1], files.get(0));
            try (Arrival arrival = door.receive(pair.second(), 10, 10)) {
                assertThat(arrival.bytes()).isEqualTo(1);
                files.assertFirstOnesAre(arrival.fds());
                assertThat(arrival.fds()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("S04: and go where packets may be empty")
    void noBytesInAPacket(SocketType type) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.first().send(new ByteBuffer[0], files.get(0))).isZero();
            // A pooled message has carried bytes before: none of them may go along.
            pair.first().send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(pair.first().send(ByteBuffer.allocate(0), files.first(2)))
                    .isZero();
            try (Received one = pair.second().receive(10, 3);
                    Received three = pair.second().receive(10, 3);
                    Received two = pair.second().receive(10, 3)) {
                assertThat(one.bytes()).isZero();
                assertThat(one.fdCount()).isEqualTo(1);
                assertThat(three.bytes()).isEqualTo(3);
                assertThat(two.bytes()).isZero();
                assertThat(two.fdCount()).isEqualTo(2);
            }
        }
    }

    @Test
    void emptySendsOnAStreamSendNothing() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertThat(pair.first().send(ByteBuffer.allocate(0))).isZero();
            assertThat(pair.first().write(new ByteBuffer[0])).isZero();
            assertThat(pair.second().tryReceive(1, 0)).isEmpty();
        }
    }

    /** What a convenient send returns is an int. */
    @Test
    void moreThanTwoGibibytesAtOnceAreRefused() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            ByteBuffer[] much = new ByteBuffer[129];
            Arrays.setAll(much, i -> SIXTEEN_MIB.duplicate());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().send(much))
                    .withMessageContaining("2164260864 bytes in one send")
                    .withMessageContaining("2147483647");
            assertThat(much[0].position()).isZero();
            assertThat(pair.second().tryReceive(1, 0)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void aPacketThatIsTooLarge(SocketType type) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            ByteBuffer huge = ByteBuffer.allocateDirect(16 << 20);
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> pair.first().send(huge, files.get(0)))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EMSGSIZE"))
                    .withMessageContaining("sendmsg");
            assertThat(huge.position()).isZero();
            assertThat(pair.second().tryReceive(1, 1)).isEmpty();
        }
    }
}
