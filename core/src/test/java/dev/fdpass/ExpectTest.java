package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fdpass.FdInfo.Access;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a receiver expects of a descriptor, against descriptors of every kind. */
class ExpectTest {
    @TempDir
    private Path directory;

    /** A way to open something. */
    @FunctionalInterface
    interface Opener {
        OwnedFd open(Path directory) throws IOException;
    }

    private static OwnedFd file(Path directory, StandardOpenOption... options) throws IOException {
        Path file = directory.resolve("file");
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        return OwnedFd.open(file, options);
    }

    private static OwnedFd first(SocketPair<? extends ScmSocket> pair) throws IOException {
        pair.second().close();
        return pair.first().asFd();
    }

    private static OwnedFd pipe() throws IOException {
        int[] ends = LibcCalls.pipe();
        LibcCalls.close(ends[1]);
        return OwnedFd.adopt(ends[0]);
    }

    private static OwnedFd tcp() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return OwnedFd.adopt(LibcCalls.tcpConnection(server.getLocalPort()));
        }
    }

    private static final Map<String, Opener> FILES = new TreeMap<>(Map.ofEntries(
            Map.entry("file", d -> file(d, StandardOpenOption.READ, StandardOpenOption.WRITE)),
            Map.entry("directory", OwnedFd::open),
            Map.entry("memory", d -> SharedMemory.create("m", 1).asFd()),
            Map.entry("pipe", d -> pipe()),
            Map.entry("device", d -> OwnedFd.open(Path.of("/dev/null"))),
            Map.entry("eventfd", d -> EventFd.create().asFd()),
            Map.entry("pidfd", d -> PidFd.open(ProcessHandle.current()).asFd()),
            Map.entry("stream", d -> first(UnixStream.pair())),
            Map.entry("datagram", d -> first(UnixDatagram.pair())),
            Map.entry("seqpacket", d -> first(UnixSeqpacket.pair())),
            Map.entry(
                    "listener",
                    d -> UnixStreamListener.bind(UnixAddress.unnamed()).asFd()),
            Map.entry("tcp", d -> tcp())));

    static Stream<Arguments> expectations() {
        return Stream.of(
                arguments(Expect.anyFile(), FILES.keySet()),
                arguments(Expect.regularFile(), List.of("file", "memory")),
                arguments(Expect.directory(), List.of("directory")),
                arguments(Expect.memfd(), List.of("memory")),
                arguments(Expect.pipe(), List.of("pipe")),
                arguments(Expect.characterDevice(), List.of("device")),
                arguments(Expect.eventFd(), List.of("eventfd")),
                arguments(Expect.pidFd(), List.of("pidfd")),
                arguments(Expect.socket(), List.of("datagram", "listener", "seqpacket", "stream", "tcp")),
                arguments(Expect.unixStream(), List.of("listener", "stream")),
                arguments(Expect.unixStream().listening(), List.of("listener")),
                arguments(Expect.unixStream().notListening(), List.of("stream")),
                arguments(Expect.unixDatagram(), List.of("datagram")),
                arguments(Expect.unixSeqpacket(), List.of("seqpacket")),
                arguments(Expect.tcp(), List.of("tcp")),
                arguments(Expect.udp(), List.of()),
                arguments(Expect.anyFile().access(Access.READ), List.of("device", "directory", "pipe")),
                arguments(Expect.regularFile().access(Access.WRITE), List.of()),
                arguments(Expect.regularFile().access(Access.WRITE, Access.READ_WRITE), List.of("file", "memory")),
                arguments(Expect.regularFile().that("of one byte", fd -> fd.size() == 1), List.of("memory")));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    @DisplayName(
            "R19: each kind of descriptor is what it is and nothing else; what is rejected is closed and described")
    void eachKindIsWhatItIs(Expect expected, Collection<String> meeting) throws IOException {
        for (Map.Entry<String, Opener> kind : FILES.entrySet()) {
            try (OwnedFd fd = kind.getValue().open(directory);
                    SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
                pair.first().send(ByteBuffer.allocate(1), fd);
                boolean isMet = meeting.contains(kind.getKey());
                assertThat(expected.isMetBy(fd))
                        .as("%s is %s", kind.getKey(), expected)
                        .isEqualTo(isMet);
                int before = OpenFiles.count();
                try (Received received = pair.second().receive(1, 1)) {
                    if (isMet) {
                        received.takeFd(0, expected).close();
                    } else {
                        assertThatThrownBy(() -> received.takeFd(0, expected))
                                .isInstanceOf(RejectedFdException.class)
                                .hasMessageContaining("was rejected and closed; expected was " + expected);
                    }
                    OpenFiles.awaitCount(before);
                }
            }
        }
    }

    @Test
    @DisplayName("R19: an O_PATH descriptor is never accepted unless it is asked for")
    void namesOfPlacesAreNotAccepted() throws Exception {
        try (PythonPeer python = PythonPeer.start("""
                fds = [os.open(p, os.O_PATH) for p in ("/etc/hosts", "/")]
                socket.send_fds(peer, [b"+"], fds)
                peer.recv(1)
                """);
                Received received = python.socket().receive(1, 2);
                OwnedFd file = received.takeFd(0);
                OwnedFd root = received.takeFd(1)) {
            assertThat(Expect.regularFile().isMetBy(file)).isFalse();
            assertThat(Expect.anyFile().isMetBy(file)).isFalse();
            assertThat(Expect.directory().isMetBy(root)).isFalse();
            assertThat(Expect.directory().access(Access.PATH).isMetBy(root)).isTrue();
        }
    }

    @Test
    @DisplayName("R19: a socket of another protocol is no TCP and no UDP, though of their family and type")
    void theProtocolCounts() throws Exception {
        try (PythonPeer python = PythonPeer.start("""
                IPPROTO_UDPLITE, IPPROTO_MPTCP = 136, 262
                for kind, protocol in ((socket.SOCK_DGRAM, IPPROTO_UDPLITE), (socket.SOCK_STREAM, IPPROTO_MPTCP)):
                    try:
                        made = socket.socket(socket.AF_INET, kind, protocol)
                        socket.send_fds(peer, [b"+"], [made.fileno()])
                    except OSError:
                        peer.sendall(b"-")
                peer.recv(1)
                """);
                Received udpLite = python.socket().receive(1, 1);
                Received mptcp = python.socket().receive(1, 1)) {
            assumeTrue(udpLite.fdCount() + mptcp.fdCount() > 0, "this kernel has neither UDP-Lite nor MPTCP");
            for (OwnedFd fd : udpLite.takeFds()) {
                assertThat(Expect.udp().isMetBy(fd)).isFalse();
                fd.close();
            }
            for (OwnedFd fd : mptcp.takeFds()) {
                assertThat(Expect.tcp().isMetBy(fd)).as("used as TCP").isTrue();
                fd.close();
            }
        }
    }

    @Test
    @DisplayName("R19 L06: memory is accepted once it has the seals that are required")
    void sealsAreRequired() throws IOException {
        Expect expected = SharedMemory.expected(Seal.SHRINK, Seal.GROW);
        try (SharedMemory memory = SharedMemory.create("m", 4096);
                OwnedFd file = file(directory, StandardOpenOption.READ)) {
            assertThat(expected.isMetBy(memory.asFd())).isFalse();
            memory.addSeals(Seal.SHRINK);
            assertThat(expected.isMetBy(memory.asFd())).isFalse();
            memory.addSeals(Seal.GROW, Seal.WRITE);
            assertThat(expected.isMetBy(memory.asFd())).isTrue();
            assertThat(SharedMemory.expected(Seal.SEAL).isMetBy(memory.asFd())).isFalse();
            assertThat(expected.isMetBy(file)).isFalse();
            assertThat(expected.toString()).startsWith("a memory file, sealed with ");
        }
    }

    @Test
    @DisplayName("R19: all of a message is taken if it is what is expected, and else all of it is closed")
    void allOrNothing() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                EventFd event = EventFd.create();
                SharedMemory memory = SharedMemory.create("m", 1);
                ScmMessage message = ScmMessage.allocate(1, 3)) {
            int before = OpenFiles.count();
            Expect[][] wrong = {
                {Expect.eventFd()},
                {Expect.eventFd(), Expect.memfd(), Expect.anyFile()},
                {Expect.memfd(), Expect.eventFd()},
                {Expect.eventFd(), Expect.directory()}
            };
            for (Expect[] expected : wrong) {
                pair.first().send(ByteBuffer.allocate(1), event, memory);
                try (Received received = pair.second().receive(1, 3)) {
                    assertThatThrownBy(() -> received.takeExactly(expected)).isInstanceOf(RejectedFdException.class);
                    OpenFiles.awaitCount(before);
                }
                pair.first().send(ByteBuffer.allocate(1), event, memory);
                pair.second().receive(message);
                assertThatThrownBy(() -> message.takeExactly(expected)).isInstanceOf(RejectedFdException.class);
                OpenFiles.awaitCount(before);
            }
            pair.first().send(ByteBuffer.allocate(1), event, memory);
            try (Received received = pair.second().receive(1, 3)) {
                List<OwnedFd> both = received.takeExactly(Expect.eventFd(), Expect.memfd());
                assertThat(both.get(0).info().kind()).isEqualTo(FdInfo.Kind.EVENTFD);
                assertThat(both.get(1).info().isSameFile(memory.asFd().info())).isTrue();
                for (OwnedFd fd : both) {
                    fd.close();
                }
            }
            pair.first().send(ByteBuffer.allocate(1), event, memory);
            pair.second().receive(message);
            assertThat(message.takeExactly(Expect.anyFile(), Expect.anyFile())).allSatisfy(OwnedFd::close);
        }
    }

    @Test
    @DisplayName("R03 R19: a truncated message is not what was expected, even if what arrived would be")
    void truncatedIsNotAll() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                EventFd event = EventFd.create()) {
            pair.first().send(ByteBuffer.allocate(1), event, event);
            try (Received received = pair.second().receive(1, 1)) {
                assertThatThrownBy(() -> received.takeExactly(Expect.eventFd()))
                        .isInstanceOf(RejectedFdException.class)
                        .hasMessageContaining("1 descriptors came, and more were sent; 1 were expected");
            }
        }
    }

    @Test
    @DisplayName("L05 R19: a check that throws rejects too, and nothing stays open")
    void aCheckThatThrowsRejects() throws IOException {
        Expect failing = Expect.anyFile().that("impossible", fd -> {
            throw new IllegalStateException("thrown by the check");
        });
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                EventFd event = EventFd.create()) {
            for (int i = 0; i < 2; i++) {
                boolean all = i == 0;
                pair.first().send(ByteBuffer.allocate(1), event, event);
                int before = OpenFiles.count();
                try (Received received = pair.second().receive(1, 2)) {
                    assertThatThrownBy(() -> {
                                if (all) {
                                    received.takeExactly(Expect.eventFd(), failing);
                                } else {
                                    received.takeFd(1, failing);
                                }
                            })
                            .hasMessage("thrown by the check");
                    OpenFiles.awaitCount(all ? before : before + 1);
                }
            }
        }
    }

    @Test
    void anExpectationSaysWhatItIs() {
        assertThat(Expect.regularFile().access(Access.READ, Access.READ_WRITE).that("of at least a page", fd -> true))
                .hasToString("a regular file with access to read or read write, of at least a page");
        assertThat(Expect.unixSeqpacket().listening()).hasToString("an AF_UNIX seqpacket socket that listens");
        assertThatIllegalArgumentException().isThrownBy(() -> Expect.anyFile().access());
    }
}
