package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of the Rust crate {@code uds} ({@code tests/fd_passing.rs}, {@code tests/seqpacket.rs}). */
class UdsTest {
    static Stream<Arguments> typesAndDoors() {
        return Door.withEachType();
    }

    private static void assertReceives(ScmSocket socket, int room, int bytes, int fds) throws IOException {
        for (OwnedFd fd : received(socket, room, bytes, fds)) {
            fd.close();
        }
    }

    private static List<OwnedFd> received(ScmSocket socket, int room, int bytes, int fds) throws IOException {
        try (Received received = socket.receive(10, room)) {
            assertThat(received.bytes()).isEqualTo(bytes);
            assertThat(received.fdCount()).isEqualTo(fds);
            return received.takeFds();
        }
    }

    private static void sendNoFds(ScmSocket from, ScmSocket to) throws IOException {
        for (int room : new int[] {0, 3}) {
            from.send(ByteBuffer.allocate(2), new AsFd[0]);
            try (Received received = to.receive(10, room)) {
                assertThat(received.bytes()).isEqualTo(2);
                assertThat(received.fdCount()).isZero();
                assertThat(received.isControlTruncated()).isFalse();
            }
        }
    }

    @Test
    void datagramSendNoFds() throws IOException {
        try (SocketPair<UnixDatagram> pair = UnixDatagram.pair()) {
            sendNoFds(pair.first(), pair.second());
        }
    }

    @Test
    void streamSendNoFds() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            sendNoFds(pair.first(), pair.second());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R03: datagram_truncate_fds")
    void datagramTruncateFds(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            ScmSocket a = pair.first();
            ScmSocket b = pair.second();
            a.send(Text.buffer("aa"), a);
            assertReceives(b, 0, 2, 0);
            a.send(Text.buffer("aaa"), a, a, b, b);
            assertReceives(b, 2, 3, 2);
            a.send(Text.buffer("aaaa"), a);
            assertReceives(b, 2, 4, 1);
        }
    }

    @Test
    @DisplayName("R03 R10: stream_truncate_fds")
    void streamTruncateFds() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            UnixStream a = pair.first();
            UnixStream b = pair.second();
            a.send(Text.buffer("a"), a);
            assertThat(b.read(ByteBuffer.allocate(10))).isOne();
            assertThat(b.tryReceive(1, 2)).as("what a plain read left out").isEmpty();
            a.write(Text.buffer("aa"));
            assertReceives(b, 2, 2, 0);

            a.send(Text.buffer("aaa"), a);
            assertReceives(b, 0, 3, 0);
            assertThat(b.tryReceive(1, 2)).as("what did not fit").isEmpty();
            a.send(Text.buffer("aaaa"));
            assertReceives(b, 4, 4, 0);

            a.send(Text.buffer("aaaaa"), a, a, b, b);
            assertReceives(b, 2, 5, 2);
            a.send(Text.buffer("aaaaaa"), a);
            assertReceives(b, 6, 6, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void datagramPassOneFd(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(0), pair.first());
            try (ScmSocket same = type.adopt(received(pair.second(), 3, 0, 1).getFirst())) {
                same.send(Text.buffer("got it"));
                assertReceives(pair.second(), 0, 6, 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R01 R03: datagram_pass_two_receive_one")
    void datagramPassTwoReceiveOne(SocketType type, Door door) throws IOException {
        byte[] bytes = new byte[type == SocketType.STREAM ? 1 : 0];
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), bytes, pair.first(), pair.second());
            try (Arrival arrival = door.receive(pair.second(), 10, 1)) {
                assertThat(arrival.bytes()).isEqualTo(bytes.length);
                assertThat(arrival.fds()).hasSize(1);
                assertThat(arrival.controlTruncated()).isTrue();
            }
            door.send(pair.second(), new byte[7]);
            try (Arrival arrival = door.receive(pair.first(), 10, 1)) {
                assertThat(arrival.bytes()).isEqualTo(7);
                assertThat(arrival.fds()).isEmpty();
                assertThat(arrival.controlTruncated()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void datagramSeparatePayloads(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            ScmSocket a = pair.first();
            ScmSocket b = pair.second();
            a.send(ByteBuffer.allocate(1), a);
            a.send(ByteBuffer.allocate(0));
            assertReceives(b, 2, 1, 1);
            assertReceives(b, 2, 0, 0);
            a.send(ByteBuffer.allocate(0), a, a);
            a.send(ByteBuffer.allocate(0), b, b);
            assertReceives(b, 3, 0, 2);
            assertReceives(b, 3, 0, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void streamFdOrder(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1), pair.first(), pair.second());
            List<OwnedFd> fds = received(pair.second(), 2, 1, 2);
            try (ScmSocket a = type.adopt(fds.get(0));
                    ScmSocket b = type.adopt(fds.get(1))) {
                a.send(Text.buffer("I'm a"));
                try (Received received = pair.second().receive(10, 0)) {
                    assertThat(Text.of(received.data())).isEqualTo("I'm a");
                }
                b.send(Text.buffer("I'm b"));
                try (Received received = pair.first().receive(10, 0)) {
                    assertThat(Text.of(received.data())).isEqualTo("I'm b");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void manyFds(SocketType type) throws IOException {
        int most = ScmMessage.SCM_MAX_FDS;
        try (Memfds files = new Memfds(most);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1), files.first(most));
            List<OwnedFd> fds = received(pair.second(), most, 1, most);
            try {
                files.assertFirstOnesAre(fds);
            } finally {
                for (OwnedFd fd : fds) {
                    fd.close();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R16: closed_before_received")
    void closedBeforeReceived(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1), pair.first());
            pair.first().close();
            try (ScmSocket alive = type.adopt(received(pair.second(), 1, 1, 1).getFirst())) {
                alive.send(Text.buffer("alive"));
                assertReceives(pair.second(), 0, 5, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R08: truncated_packets_are_not_resumed")
    void truncatedPacketsAreNotResumed(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(Text.buffer("hello"));
            try (Received received = pair.second().receive(20, 0)) {
                assertThat(received.bytes()).isEqualTo(5);
                assertThat(received.isPayloadTruncated()).isFalse();
            }
            pair.first().send(Text.buffer("hello"));
            try (Received received = pair.second().receive(3, 0)) {
                assertThat(Text.of(received.data())).isEqualTo("hel");
                assertThat(received.isPayloadTruncated()).isTrue();
            }
            assertThat(pair.second().tryReceive(3, 0)).isEmpty();
        }
    }

    @Test
    @DisplayName("R14: zero_length_packet_sort_of_works")
    void zeroLengthPacketSortOfWorks() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            for (int room : new int[] {8, 0}) {
                pair.first().send(ByteBuffer.allocate(0));
                try (Received received = pair.second().receive(room, 0)) {
                    assertThat(received.bytes()).isZero();
                    assertThat(received.isPayloadTruncated()).isFalse();
                    assertThat(received.isEndOfStream()).isFalse();
                }
            }
            pair.first().send(ByteBuffer.allocate(0));
            pair.first().send(ByteBuffer.allocate(0));
            assertReceives(pair.second(), 0, 0, 0);
            assertReceives(pair.second(), 0, 0, 0);
            assertThat(pair.second().tryReceive(8, 0)).isEmpty();
        }
    }

    @Test
    @DisplayName("S07: no_sigpipe")
    void noSigpipe() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            pair.second().close();
            for (AsFd[] fds : new AsFd[][] {{}, {pair.first()}}) {
                assertThatExceptionOfType(ErrnoException.class)
                        .isThrownBy(() -> pair.first().send(Text.buffer("HELLO??"), fds))
                        .satisfies(e -> assertThat(e.name()).isEqualTo("EPIPE"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void sendVectored(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(new ByteBuffer[] {Text.buffer("split"), Text.buffer(""), Text.buffer(" me")});
            ByteBuffer[] halves = {ByteBuffer.allocate(4), ByteBuffer.allocate(0), ByteBuffer.allocate(4)};
            try (Received received = pair.second().receive(halves, 0)) {
                assertThat(received.bytes()).isEqualTo(8);
                assertThat(received.isPayloadTruncated()).isFalse();
            }
            assertThat(Text.before(halves[0]) + "|" + Text.before(halves[2])).isEqualTo("spli|t me");

            pair.first().send(Text.buffer("truncate me"));
            ByteBuffer[] small = {ByteBuffer.allocate(1), ByteBuffer.allocate(4)};
            try (Received received = pair.second().receive(small, 0)) {
                assertThat(received.isPayloadTruncated()).isTrue();
            }
            assertThat(Text.before(small[0]) + "|" + Text.before(small[1])).isEqualTo("t|runc");

            pair.first().send(Text.buffer("dont"));
            pair.first().send(Text.buffer("mix!"));
            assertReceives(pair.second(), 0, 4, 0);
            assertReceives(pair.second(), 0, 4, 0);
        }
    }
}
