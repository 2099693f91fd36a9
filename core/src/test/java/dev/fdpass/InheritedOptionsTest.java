package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.SocketType;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A socket that somebody else made and set options on, which add control messages of their own to each receive. */
class InheritedOptionsTest {
    /** Makes a pair, sets options on one end, sends messages with descriptors over the other, and hands the first over. */
    private static final String SCRIPT = """
            kind = getattr(socket, "SOCK_" + sys.argv[2])
            ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
            for option in sys.argv[3].split():
                name, _, value = option.partition("=")
                try:
                    theirs.setsockopt(socket.SOL_SOCKET, int(name), int(value or 1))
                except OSError:
                    peer.sendall(b"-")
                    sys.exit(0)
            files = [os.memfd_create("from-python-%d" % i) for i in range(3)]
            socket.send_fds(ours, [b"one"], files[:1])
            socket.send_fds(ours, [b"two"], files[:2])
            socket.send_fds(ours, [b"three"], files[:3])
            socket.send_fds(ours, [b"none"], [])
            socket.send_fds(peer, [b"+"], [theirs.fileno()])
            theirs.close()
            peer.recv(1)
            """;

    static Stream<Arguments> optionsTypesAndDoors() {
        return Stream.of(
                        "16", // SO_PASSCRED
                        "29", // SO_TIMESTAMP
                        "35", // SO_TIMESTAMPNS
                        "63", // SO_TIMESTAMP_NEW
                        "64", // SO_TIMESTAMPNS_NEW
                        "29 37=24", // SO_TIMESTAMP and SO_TIMESTAMPING of software
                        "76", // SO_PASSPIDFD
                        "34", // SO_PASSSEC
                        "16 35 76",
                        "16 34 35 37=24 76")
                .flatMap(options -> Stream.of(SocketType.values()).map(type -> Arguments.of(options, type)));
    }

    @ParameterizedTest
    @MethodSource("optionsTypesAndDoors")
    @DisplayName(
            "R05: other control messages take no room from the descriptors, and a pidfd nobody asked for is closed")
    void everyDescriptorArrives(String options, SocketType type) throws Exception {
        String kind = type == SocketType.DATAGRAM ? "DGRAM" : type.name();
        try (PythonPeer python = PythonPeer.start(SCRIPT, kind, options);
                Received adopted = python.socket().receive(1, 1)) {
            assumeTrue(adopted.data().get(0) == '+', "this kernel lacks some of the options " + options);
            try (ScmSocket socket = type.adopt(adopted.takeFd(0))) {
                int before = OpenFiles.count();
                for (Door door : Door.values()) {
                    // Room for one, and one or two come: the first message is whole, the second is not.
                    String text = door == Door.CONVENIENT ? "one" : "two";
                    try (Arrival arrival = door.receive(socket, 100, 1)) {
                        assertThat(arrival.data()).asString().isEqualTo(text);
                        assertThat(arrival.fds()).hasSize(1);
                        assertThat(arrival.fds().getFirst().info().name()).startsWith("/memfd:from-python-0");
                        assertThat(arrival.controlTruncated()).as(text).isEqualTo(text.equals("two"));
                        OpenFiles.awaitCount(before + 1);
                    }
                }
                // Also on the channel's own way to receive.
                if (socket instanceof UnixStream stream) {
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    assertThat(stream.read(buffer)).isEqualTo(5);
                    assertThat(stream.unexpectedFds()).isEqualTo(3);
                } else {
                    try (Received three = socket.receive(100, 3)) {
                        assertThat(three.fdCount()).isEqualTo(3);
                        assertThat(three.isControlTruncated()).isFalse();
                    }
                }
                try (Received none = socket.receive(100, 0)) {
                    assertThat(none.bytes()).isEqualTo(4);
                    assertThat(none.isControlTruncated()).isFalse();
                }
                OpenFiles.awaitCount(before);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R05: what a message without descriptors shows of an option is learned before one with them comes")
    void shownByAPlainMessage(Door door) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream other = UnixStream.adopt(pair.second().asFd().duplicate());
                EventFd event = EventFd.create()) {
            other.setOption(ScmOption.SO_PASSCRED, true);
            pair.first().send(ByteBuffer.allocate(1));
            try (Arrival plain = door.receive(pair.second(), 1, 8)) {
                assertThat(plain.controlTruncated()).isFalse();
            }
            pair.first().send(ByteBuffer.allocate(1), event, event, event, event, event, event, event, event);
            try (Arrival full = door.receive(pair.second(), 1, 8)) {
                assertThat(full.fds()).hasSize(8);
                assertThat(full.controlTruncated()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R01 R21: unwanted descriptors never make room for more of them, and for what is set there is room")
    void unwantedDescriptorsMakeNoRoom(Door door) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream adopted = UnixStream.adopt(pair.second().asFd());
                EventFd event = EventFd.create()) {
            for (int i = 0; i < 5; i++) {
                pair.first().send(ByteBuffer.allocate(1), event, event, event, event, event, event, event);
                try (Arrival none = door.receive(adopted, 1, 0)) {
                    assertThat(none.controlTruncated()).isTrue();
                    assertThat(adopted.asFd().controlRoom()).isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R05: an option that another holder of the socket sets later makes one message doubtful, not all")
    void setByAnotherHolderLater(Door door) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream other = UnixStream.adopt(pair.second().asFd().duplicate());
                EventFd event = EventFd.create()) {
            other.setOption(ScmOption.SO_PASSCRED, true);
            for (int i = 0; i < 3; i++) {
                pair.first().send(ByteBuffer.allocate(1));
                pair.first().send(ByteBuffer.allocate(1), event);
                try (Arrival none = door.receive(pair.second(), 1, 0);
                        Arrival one = door.receive(pair.second(), 1, 1)) {
                    assertThat(none.controlTruncated()).isEqualTo(i == 0);
                    assertThat(one.fds()).hasSize(1);
                    assertThat(one.controlTruncated()).isFalse();
                }
            }
        }
    }

    /**
     * {@code SO_INQ} (84, Linux 6.17, streams only) cannot be asked for, so there is no room for what it adds. It stands
     * last: what is cut is itself.
     */
    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R05: an option that nobody can ask for costs no descriptor")
    void anOptionThatCannotBeSeen(Door door) throws Exception {
        try (PythonPeer python = PythonPeer.start(SCRIPT, "STREAM", "84");
                Received adopted = python.socket().receive(1, 1)) {
            assumeTrue(adopted.data().get(0) == '+', "this kernel has no SO_INQ");
            int before = OpenFiles.count();
            try (UnixStream socket = UnixStream.adopt(adopted.takeFd(0));
                    Arrival one = door.receive(socket, 100, 1);
                    Arrival two = door.receive(socket, 100, 6);
                    Arrival three = door.receive(socket, 100, 3);
                    Arrival none = door.receive(socket, 100, 0)) {
                // They fill the room, so that what is cut does not show: it may have been more descriptors.
                assertThat(one.fds()).hasSize(1);
                assertThat(one.controlTruncated()).isTrue();
                // It shows; and from then on there is room for it.
                assertThat(two.fds()).hasSize(2);
                assertThat(two.controlTruncated()).isTrue();
                assertThat(three.fds()).hasSize(3);
                assertThat(three.controlTruncated()).isFalse();
                assertThat(none.controlTruncated()).isFalse();
                assertThat(OpenFiles.count()).isEqualTo(before + 6);
            }
        }
    }
}
