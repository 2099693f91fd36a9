package dev.fdpass.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPair;
import dev.fdpass.testing.Pythons;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Python's {@code socket.send_fds} and {@code recv_fds} at their limits and ours. */
class PythonLimitsTest {
    private static final String FROM_PYTHON = "/memfd:from-python-";

    private static Pythons pythons;

    static Stream<Arguments> typesAndDoors() {
        return Door.withEachType();
    }

    @BeforeAll
    static void startPython() throws IOException {
        pythons = Pythons.start();
    }

    @AfterAll
    static void endPython() throws IOException {
        pythons.close();
    }

    private static String answer(ScmSocket socket) throws IOException {
        try (Received received = socket.receive(100, 0)) {
            return UTF_8.decode(received.data()).toString();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STREAM,4,2",
        "STREAM,2,1",
        "STREAM,253,0",
        "DATAGRAM,4,2",
        "DATAGRAM,2,1",
        "DATAGRAM,253,0",
        "SEQPACKET,4,2",
        "SEQPACKET,2,1",
        "SEQPACKET,253,252"
    })
    @DisplayName("R01 R03: recv_fds with room for fewer gets just those, and MSG_CTRUNC")
    void pythonHasRoomForFewer(SocketType type, int sent, int room) throws IOException {
        PythonPair python = pythons.of(type);
        try (Memfds files = new Memfds(sent)) {
            python.socket().send(Text.buffer("some"), files.first(sent));
            python.run("""
                    data, fds, flags, address = socket.recv_fds(theirs, 16, %d)
                    theirs.send(b"%%d of %%s, flags %%d" %% (len(fds), data, flags))
                    close(fds)
                    """.formatted(room));
            assertThat(answer(python.socket())).isEqualTo(room + " of some, flags " + SocketConstants.MSG_CTRUNC);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R01: CMSG_SPACE for one lets Python have two")
    void pythonThatPadsGetsOneTooMany(SocketType type) throws IOException {
        PythonPair python = pythons.of(type);
        try (Memfds files = new Memfds(2)) {
            python.socket().send(Text.buffer("x"), files.first(2));
            python.run("""
                    data, ancillary, flags, address = theirs.recvmsg(16, socket.CMSG_SPACE(4))
                    fds = descriptors(ancillary)
                    theirs.send(b"%d, truncated %d" % (len(fds), flags & socket.MSG_CTRUNC))
                    close(fds)
                    """);
            assertThat(answer(python.socket())).isEqualTo("2, truncated 0");
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R01 R02 R03: more from send_fds than there is room for: the first arrive, in order, close-on-exec")
    void moreFromPythonThanRoom(SocketType type, Door door) throws IOException {
        int[] rooms = {0, 1, 2, 31, 32, 33, 252, 253};
        PythonPair python = pythons.of(type);
        python.run("many = files(253)");
        for (int room : rooms) {
            python.run("socket.send_fds(theirs, [b'%d'], many)".formatted(room));
            try (Arrival arrival = door.receive(python.socket(), 16, room)) {
                assertThat(arrival.data()).asString(UTF_8).isEqualTo("" + room);
                assertThat(arrival.fds()).hasSize(room);
                assertThat(OpenFiles.count(FROM_PYTHON)).isEqualTo(room);
                assertThat(arrival.controlTruncated()).isEqualTo(room < 253);
                for (int i = 0; i < room; i++) {
                    OwnedFd fd = arrival.fds().get(i);
                    assertThat(fd.info().name()).startsWith(FROM_PYTHON + i + " ");
                    assertThat(OpenFiles.flags(fd.number()) & OpenFiles.CLOSE_ON_EXEC)
                            .isNotZero();
                }
            }
            assertThat(OpenFiles.count(FROM_PYTHON)).isZero();
        }
        python.run("close(many)");
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S01: the kernel gives Python the same limit: 254 are refused, and 253 arrive")
    void pythonCannotSendMoreEither(SocketType type) throws IOException {
        PythonPair python = pythons.of(type);
        python.run("""
                fds = files(1)
                try:
                    socket.send_fds(theirs, [b"x"], fds * 254)
                except OSError as e:
                    socket.send_fds(theirs, [b"errno %d" % e.errno], fds * 253)
                close(fds)
                """);
        try (Received received = python.socket().receive(100, ScmMessage.SCM_MAX_FDS)) {
            assertThat(received.data()).isEqualTo(Text.buffer("errno 22"));
            assertThat(received.fdCount()).isEqualTo(253);
            assertThat(received.isControlTruncated()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAM,3,0", "STREAM,5,1", "STREAM,11,2", "DATAGRAM,3,0", "DATAGRAM,6,1", "SEQPACKET,7,1"})
    @DisplayName("R03: an array that ends in the middle of a descriptor brings the whole ones before")
    void partialInts(SocketType type, int bytes, int whole) throws IOException {
        PythonPair python = pythons.of(type);
        python.run("""
                three = files(3)
                send_raw(b"partial", ints(*three)[:%d])
                close(three)
                """.formatted(bytes));
        try (Received received = python.socket().receive(100, 3)) {
            assertThat(received.data()).isEqualTo(Text.buffer("partial"));
            assertThat(received.fdCount()).isEqualTo(whole);
            assertThat(received.isControlTruncated()).isFalse();
            assertThat(OpenFiles.count(FROM_PYTHON)).isEqualTo(whole);
            for (int i = 0; i < whole; i++) {
                try (OwnedFd fd = received.takeFd(i)) {
                    assertThat(fd.info().name()).startsWith(FROM_PYTHON + i + " ");
                }
            }
        }
    }
}
