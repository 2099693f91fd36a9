package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.Received;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A peer that serves a file system itself (FUSE) and passes a file of it: a Python script, and a child of it that answers
 * everything but {@code FUSE_FLUSH} and {@code FUSE_POLL}, so that {@code close(2)} of the file waits until that child is
 * dead.
 */
public final class SilentFileSystem implements AutoCloseable {
    /**
     * The structures are those of {@code linux/fuse.h}. The mount is in a namespace of the script's own, and goes with it.
     * A thread that waits for the answer cannot even be killed, so the child sees to it that it is gone in the end.
     */
    private static final String SCRIPT = """
            import ctypes, select, signal, threading
            libc = ctypes.CDLL(None, use_errno=True)
            MS_REC, MS_PRIVATE, CLONE_NEWNS, PR_SET_PDEATHSIG = 0x4000, 0x40000, 0x20000, 1

            def check(result):
                if result != 0:
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

            try:
                check(libc.unshare(CLONE_NEWNS))
                check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
                device = os.open("/dev/fuse", os.O_RDWR)
                options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % device
                check(libc.mount(b"silent", b"/mnt", b"fuse", 0, options))
            except OSError as e:
                peer.sendall(b"-" + str(e).encode())
                sys.exit(0)

            LOOKUP, FORGET, GETATTR, OPEN, FLUSH, INIT, POLL, BATCH_FORGET = 1, 2, 3, 14, 25, 26, 40, 42

            def attributes(node):
                mode = 0o40755 if node == 1 else 0o100644
                return struct.pack("<6Q10I", node, 5, 1, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

            def answer(operation, node):
                if operation == INIT:
                    return 0, struct.pack("<4I2H2I2H8I", 7, 31, 65536, 0, 12, 10, 65536, 1, 16, 0, *[0] * 8)
                if operation == LOOKUP:
                    return 0, struct.pack("<4Q2I", 2, 1, 0, 0, 0, 0) + attributes(2)
                if operation == GETATTR:
                    return 0, struct.pack("<Q2I", 0, 0, 0) + attributes(node)
                if operation == OPEN:
                    return 0, struct.pack("<Q2I", 1, 0, 0)
                return -38, b""

            def serve():
                libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                signal.alarm(100)
                peer.close()
                while True:
                    request = os.read(device, 1 << 17)
                    _, operation, unique, node = struct.unpack("<IIQQ", request[:24])
                    if operation == POLL:
                        os.write(asked, b".")
                    elif operation not in (FLUSH, FORGET, BATCH_FORGET):
                        error, data = answer(operation, node)
                        os.write(device, struct.pack("<IiQ", 16 + len(data), error, unique) + data)

            def pipe_in_a_set_that_waits():
                pipe, _ = os.pipe()
                waiting = select.epoll()
                waiting.register(pipe)
                threading.Thread(target=waiting.register, args=[file], daemon=True).start()
                os.read(polled, 1)
                return pipe

            polled, asked = os.pipe()
            child = os.fork()
            if child == 0:
                serve()
            os.close(device)
            file = os.open("/mnt/file", os.O_RDONLY)
            peer.sendall(b"+")
            # "f" asks for the file, "o" for others, "p" for a pipe; "k", and the end, kills the child.
            while (request := peer.recv(1)) and request != b"k":
                if request == b"f":
                    socket.send_fds(peer, [b"x"], [file])
                    continue
                fds = [pipe_in_a_set_that_waits()] if request == b"p" else [os.open("/etc/passwd", os.O_RDONLY), *os.pipe()]
                socket.send_fds(peer, [b"x"], fds)
                for fd in fds:
                    os.close(fd)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            if request:
                peer.recv(1)
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PythonPeer peer;

    private SilentFileSystem(PythonPeer peer) {
        this.peer = peer;
    }

    /** Skips the test where such a file system cannot be mounted. */
    public static SilentFileSystem start() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse here");
        PythonPeer peer = PythonPeer.start(SCRIPT);
        String answer;
        try (Received received = peer.socket().receive(200, 0)) {
            answer = Text.of(received.data());
        }
        if (!answer.equals("+")) {
            peer.close();
            assumeTrue(false, "a file system of one's own cannot be mounted here (root can): " + answer.substring(1));
        }
        // The first wait on a socket makes a descriptor for waking it: not while a test counts.
        peer.socket().setReceiveTimeout(Duration.ofMillis(1));
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> peer.socket().receive(1, 0));
        peer.socket().setReceiveTimeout(PATIENCE);
        return new SilentFileSystem(peer);
    }

    /** The socket over which the files come. */
    public UnixStream socket() {
        return peer.socket();
    }

    /** Has the file sent whose closing waits. */
    public void sendFile() throws IOException {
        peer.socket().send(Text.buffer("f"));
    }

    /**
     * Has a pipe sent that is in an epoll set which is just being told of the file, and waits. Whoever closes that pipe last
     * waits too, so this returns when it is closed there.
     */
    public Received receivePipeOfASet() throws IOException {
        peer.socket().send(Text.buffer("p"));
        Received pipe = peer.socket().receive(1, 1);
        sendOthers();
        peer.socket().receive(1, 3).close();
        return pipe;
    }

    /** Has an ordinary file and both ends of a pipe sent, and closed there. */
    public void sendOthers() throws IOException {
        peer.socket().send(Text.buffer("o"));
    }

    /** Ends who does not answer, and with it all waiting. */
    public void end() throws IOException {
        peer.socket().send(Text.buffer("k"));
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
