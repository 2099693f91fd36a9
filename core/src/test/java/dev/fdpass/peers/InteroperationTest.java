package dev.fdpass.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.CCompiler;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Python;
import dev.fdpass.testing.Text;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Descriptors go to processes that nobody here wrote the sockets of, and others come back. A message is a number as
 * text, with so many descriptors, each of which reads which one of how many it is.
 */
class InteroperationTest {
    private static final int[] COUNTS = {1, 2, 3, 31, 32, 33, 34, 253};
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private enum Type {
        STREAM,
        SEQPACKET,
        DATAGRAM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private interface Starter {
        ChildProcess start(Path address, Path ownAddress) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void withAProgramInC(Type type) throws Exception {
        Path source = Path.of(System.getProperty("basedir", ""), "src/test/c/fd_peer.c");
        Path program = CCompiler.NATIVE.build(source, directory);

        talk(
                type,
                (address, ownAddress) -> ChildProcess.start(
                        List.of(program.toString(), type.toString(), address.toString(), ownAddress.toString())));
    }

    @ParameterizedTest
    @EnumSource
    void withPython(Type type) throws Exception {
        talk(type, (address, ownAddress) -> Python.start("""
                import os, socket, sys

                kind = {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET, "datagram": socket.SOCK_DGRAM}
                peer = socket.socket(socket.AF_UNIX, kind[sys.argv[1]])
                peer.bind(sys.argv[3])
                peer.connect(sys.argv[2])
                peer.send(b"ready")
                while True:
                    data, fds, flags, address = socket.recv_fds(peer, 16, 253)
                    n = int(data)
                    assert len(fds) == n and flags & (socket.MSG_CTRUNC | socket.MSG_TRUNC) == 0, (n, len(fds), flags)
                    if n == 0:
                        break
                    for i, fd in enumerate(fds):
                        assert os.pread(fd, 100, 0) == b"sent %d of %d" % (i, n), (i, n)
                        os.close(fd)
                    answers = [os.memfd_create("answer") for i in range(n)]
                    for i, fd in enumerate(answers):
                        os.write(fd, b"answered %d of %d" % (i, n))
                    socket.send_fds(peer, [data], answers)
                    for fd in answers:
                        os.close(fd)
                """, type, address, ownAddress));
    }

    /** As many as are sent are more than there is room for, by one, which padding of the control buffer would let in. */
    @ParameterizedTest
    @EnumSource
    void oneTooManyFromPythonIsNeverInstalled(Type type) throws Exception {
        int[] rooms = {1, 2, 3, 31, 32, 33};
        connected(type, (address, ownAddress) -> Python.start("""
                import os, socket, sys

                kind = {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET, "datagram": socket.SOCK_DGRAM}
                peer = socket.socket(socket.AF_UNIX, kind[sys.argv[1]])
                peer.bind(sys.argv[3])
                peer.connect(sys.argv[2])
                peer.send(b"ready")
                while True:
                    n = int(peer.recv(16))
                    if n == 0:
                        break
                    socket.send_fds(peer, [b"x"], [0] * n)
                """, type, address, ownAddress), socket -> {
            for (int room : rooms) {
                socket.send(Text.buffer("" + (room + 1)));
                try (Received received = socket.receive(16, room)) {
                    assertThat(received.fdCount()).isEqualTo(room);
                    assertThat(received.isControlTruncated()).isTrue();
                    assertThat(received.bytes()).isEqualTo(1);
                }
            }
            socket.send(Text.buffer("0"));
        });
    }

    private void talk(Type type, Starter starter) throws Exception {
        connected(type, starter, socket -> {
            for (int count : COUNTS) {
                sendNumbered(socket, count);
                receiveNumbered(socket, count);
            }
            socket.send(Text.buffer("0"));
        });
    }

    private static void sendNumbered(ScmSocket socket, int count) throws IOException {
        List<SharedMemory> files = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                SharedMemory file = SharedMemory.create("sent", 0);
                files.add(file);
                file.asFd().write(Text.buffer("sent " + i + " of " + count));
            }
            socket.send(Text.buffer("" + count), files.toArray(AsFd[]::new));
        } finally {
            for (SharedMemory file : files) {
                file.close();
            }
        }
    }

    private static void receiveNumbered(ScmSocket socket, int count) throws IOException {
        try (Received received = socket.receive(16, ScmMessage.SCM_MAX_FDS)) {
            assertThat(UTF_8.decode(received.data()).toString()).isEqualTo("" + count);
            assertThat(received.fdCount()).isEqualTo(count);
            assertThat(received.isControlTruncated()).isFalse();
            for (int i = 0; i < count; i++) {
                try (OwnedFd fd = received.takeFd(i)) {
                    ByteBuffer content = ByteBuffer.allocate(100);
                    fd.read(content, 0);
                    assertThat(Text.before(content)).isEqualTo("answered " + i + " of " + count);
                    assertThat(Descriptors.getFlags(fd.number())).isEqualTo(FileConstants.FD_CLOEXEC);
                }
            }
        }
    }

    private interface Talk {
        void with(ScmSocket socket) throws IOException;
    }

    /** Starts the peer, waits until it says that it is ready, talks, and asserts that it ended well. */
    private void connected(Type type, Starter starter, Talk talk) throws Exception {
        Path path = directory.resolve("ours");
        Path peerPath = directory.resolve("peers");
        try (Closeable listener = listenerFor(type, UnixAddress.of(path));
                ChildProcess peer = starter.start(path, peerPath);
                ScmSocket socket = accept(listener, UnixAddress.of(peerPath))) {
            try {
                talk.with(socket);
            } catch (IOException | AssertionError e) {
                throw new AssertionError("the peer said: " + peer.await(), e);
            }
            peer.await().outputOfSuccess();
        }
    }

    private static Closeable listenerFor(Type type, UnixAddress address) throws IOException {
        return switch (type) {
            case STREAM -> UnixStreamListener.bind(address);
            case SEQPACKET -> UnixSeqpacketListener.bind(address);
            case DATAGRAM -> UnixDatagram.bind(address);
        };
    }

    private static ScmSocket accept(Closeable listener, UnixAddress peer) throws IOException {
        ScmSocket socket = switch (listener) {
            case UnixStreamListener streams -> streams.accept(PATIENCE);
            case UnixSeqpacketListener packets -> packets.accept(PATIENCE);
            case UnixDatagram datagram -> datagram;
            default -> throw new AssertionError(listener);
        };
        socket.setReceiveTimeout(PATIENCE);
        try (Received ready = socket.receive(16, 0)) {
            assertThat(UTF_8.decode(ready.data()).toString()).isEqualTo("ready");
        }
        if (socket instanceof UnixDatagram datagram) {
            datagram.connect(peer);
        }
        return socket;
    }
}
