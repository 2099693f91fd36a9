package dev.fdpass.publiccases;

import static dev.fdpass.linux.SocketConstants.MSG_CMSG_CLOEXEC;
import static dev.fdpass.linux.SocketConstants.MSG_CTRUNC;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.linux.ControlSummary;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Holds;
import dev.fdpass.linux.MessageBlock;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPair;
import dev.fdpass.testing.Pythons;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of {@code SCMRightsTest} in CPython's {@code test_socket.py}, with CPython as the sender and this library as
 * the receiver. Each file holds its index as text.
 */
class CPythonScmRightsTest {
    private static final String FILES = "/memfd:from-python-";
    private static final int NO_OTHER_FDS = 0;

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

    /** Has Python send, receives, and asserts that the files are the first ones. */
    private static Arrival receive(SocketType type, Door door, int room, String send) throws IOException {
        PythonPair python = pythons.of(type);
        python.run(send);
        Arrival arrival = door.receive(python.socket(), 100, room);
        assertThat(arrival.data()).asString(US_ASCII).isEqualTo("msg");
        checkFds(arrival.fds());
        return arrival;
    }

    private static void checkFds(List<OwnedFd> fds) throws IOException {
        for (int i = 0; i < fds.size(); i++) {
            ByteBuffer content = ByteBuffer.allocate(10);
            fds.get(i).read(content, 0);
            assertThat(Text.before(content)).isEqualTo("" + i);
        }
        assertThat(OpenFiles.count(FILES)).isEqualTo(fds.size());
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testFDPassSimple(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 253, "send_raw(b'msg', ints(*files(1)))")) {
            assertThat(arrival.fds()).hasSize(1);
            assertThat(arrival.controlTruncated()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testMultipleFDPass(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 253, "send_raw(b'msg', ints(*files(4)))")) {
            assertThat(arrival.fds()).hasSize(4);
            assertThat(arrival.controlTruncated()).isFalse();
        }
    }

    /** Room for exactly as many as come: 4, which need no padding, and 1 and 3, which do. */
    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R01: testFDPassCMSG_SPACE, testFDPassCMSG_LEN")
    void testFDPassCmsgSpaceAndCmsgLen(SocketType type, Door door) throws IOException {
        for (int count : new int[] {4, 3, 1}) {
            try (Arrival arrival = receive(type, door, count, "send_raw(b'msg', ints(*files(%d)))".formatted(count))) {
                assertThat(arrival.fds()).hasSize(count);
                assertThat(arrival.controlTruncated()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testFDPassSeparate(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 253, "send_raw(b'msg', *[ints(fd) for fd in files(2)])")) {
            assertThat(arrival.fds()).hasSize(2);
            assertThat(arrival.controlTruncated()).isFalse();
        }
    }

    /** The kernel puts both into one control message, so room for two is enough. */
    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testFDPassSeparateMinSpace(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 2, "send_raw(b'msg', *[ints(fd) for fd in files(2)])")) {
            assertThat(arrival.fds()).hasSize(2);
            assertThat(arrival.controlTruncated()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testFDPassEmpty(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 253, "send_raw(b'msg', b'')")) {
            assertThat(arrival.fds()).isEmpty();
            assertThat(arrival.controlTruncated()).isFalse();
        }
    }

    /** The number that is cut would be a bad one; nobody looks at it. */
    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testFDPassPartialInt(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 253, "send_raw(b'msg', ints(-0x5555)[:-1])")) {
            assertThat(arrival.fds()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    void testFDPassPartialIntInMiddle(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 253, """
                first, second = files(2)
                send_raw(b"msg", ints(first, -0x5555)[:-1], ints(second))
                """)) {
            assertThat(arrival.fds()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndDoors")
    @DisplayName("R03: testCmsgTruncNoBufSize, testCmsgTrunc0")
    void testCmsgTruncNoBufSize(SocketType type, Door door) throws IOException {
        try (Arrival arrival = receive(type, door, 0, "send_raw(b'msg', ints(*files(1)))")) {
            assertThat(arrival.fds()).isEmpty();
            assertThat(arrival.controlTruncated()).isTrue();
        }
    }

    // The rest cuts the control buffer where no caller can: below the doors, with the same system call and the same
    // walk.

    private static int receiveWithControlLength(SocketType type, int sent, int length) throws IOException {
        pythons.of(type).run("send_raw(b'msg', ints(*files(%d)))".formatted(sent));
        MessageBlock block = new MessageBlock(100, 2);
        block.buffer(0, block.payload().address(), 100);
        int socket = pythons.of(type).socket().asFd().number();
        block.prepareReceive(0, 1, NO_OTHER_FDS, length, false);
        assertThat(block.recvmsg(socket, MSG_CMSG_CLOEXEC, new Holds())).isEqualTo(3);
        int[] numbers = new int[2];
        ControlSummary summary = new ControlSummary();
        block.takeControl(numbers, 2, summary, Descriptors::close);
        List<OwnedFd> fds = Arrays.stream(numbers, 0, summary.fds())
                .mapToObj(OwnedFd::adopt)
                .toList();
        try {
            assertThat(block.hasFlag(MSG_CTRUNC)).isTrue();
            assertThat(summary.isMalformed()).isFalse();
            assertThat(summary.surplus()).isZero();
            checkFds(fds);
        } finally {
            for (OwnedFd fd : fds) {
                fd.close();
            }
        }
        return summary.fds();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03 R07: testCmsgTrunc1")
    void testCmsgTrunc1(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 1, 1)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03 R07: testCmsgTrunc2Int")
    void testCmsgTrunc2Int(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 1, 2 * 4)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03 R07: testCmsgTruncLen0Minus1")
    void testCmsgTruncLen0Minus1(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 1, 16 - 1)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03 R07: testCmsgTruncLen0")
    void testCmsgTruncLen0(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 1, 16)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03 R07: testCmsgTruncLen0Plus1")
    void testCmsgTruncLen0Plus1(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 2, 16 + 1)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03: testCmsgTruncLen1")
    void testCmsgTruncLen1(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 2, 16 + 4)).isOne();
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R03: testCmsgTruncLen2Minus1")
    void testCmsgTruncLen2Minus1(SocketType type) throws IOException {
        assertThat(receiveWithControlLength(type, 2, 16 + 2 * 4 - 1)).isOne();
    }

    /** The other way round: what Python sees of four descriptors that this library sent, with so many bytes of room. */
    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R01: what CPython receives of ours is cut where its buffer ends, rounded up by the kernel's padding")
    void pythonReceives(SocketType type) throws IOException {
        int[][] roomsAndCounts = {{0, 0}, {1, 0}, {15, 0}, {16, 0}, {17, 0}, {20, 1}, {23, 1}, {24, 2}, {10240, 4}};
        PythonPair python = pythons.of(type);
        try (Memfds files = new Memfds(4)) {
            for (int[] roomAndCount : roomsAndCounts) {
                python.socket().send(Text.buffer("msg"), files.first(4));
                python.run("""
                        data, ancillary, flags, address = theirs.recvmsg(100, %d)
                        fds = descriptors(ancillary)
                        theirs.send(b"%%s %%d %%d" %% (data, len(fds), flags & socket.MSG_CTRUNC != 0))
                        close(fds)
                        """.formatted(roomAndCount[0]));
                try (Received answer = python.socket().receive(100, 0)) {
                    String truncated = roomAndCount[1] < 4 ? "1" : "0";
                    assertThat(Text.of(answer.data())).isEqualTo("msg " + roomAndCount[1] + " " + truncated);
                }
            }
        }
    }
}
