package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/**
 * A pair of sockets of any type that Python made: the script has one end as {@code theirs}, this process the other.
 * Python's standard library closes nothing that arrives and sets no close-on-exec, so the script sees what the kernel
 * does. The script ends by itself.
 */
public final class PythonPair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String PROLOGUE = """
            theirs, other = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + sys.argv[2]))
            socket.send_fds(peer, [b"+"], [other.fileno()])
            other.close()

            def files(count):
                made = [os.memfd_create("from-python-%d" % i) for i in range(count)]
                for i, fd in enumerate(made):
                    os.write(fd, b"%d" % i)
                return made

            def close(fds):
                for fd in fds:
                    os.close(fd)

            def send_raw(data, *controls):
                rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, control) for control in controls]
                return theirs.sendmsg([data], rights)

            def ints(*numbers):
                return array.array("i", numbers).tobytes()

            def descriptors(ancillary):
                fds = array.array("i")
                for level, kind, data in ancillary:
                    assert (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS), (level, kind)
                    fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
                return list(fds)

            """;

    private final PythonPeer peer;
    private final ScmSocket socket;

    private PythonPair(PythonPeer peer, ScmSocket socket) {
        this.peer = peer;
        this.socket = socket;
    }

    /** Starts the script; {@code arguments} are its {@code sys.argv[3:]}. */
    public static PythonPair start(SocketType type, String script, Object... arguments) throws IOException {
        Object[] all = new Object[arguments.length + 1];
        all[0] = type == SocketType.DATAGRAM ? "DGRAM" : type.name();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        PythonPeer peer = PythonPeer.start(PROLOGUE + script, all);
        try (Received received = peer.socket().receive(1, 1)) {
            assertThat(received.fdCount()).as("the script began").isEqualTo(1);
            ScmSocket socket = type.adopt(received.takeFd(0));
            socket.setReceiveTimeout(PATIENCE);
            return new PythonPair(peer, socket);
        }
    }

    /** Starts a script that does what it is told with {@link #run}, one after the other, until this is closed. */
    public static PythonPair interactive(SocketType type) throws IOException {
        PythonPair python = start(type, """
                while statements := peer.recv(4096):
                    exec(statements)
                    peer.send(b".")
                """);
        // The first wait on a socket makes a descriptor for waking it: in no test that counts them.
        python.peer.socket().setReceiveTimeout(Duration.ofMillis(1));
        python.socket.setReceiveTimeout(Duration.ofMillis(1));
        for (ScmSocket each : List.of(python.peer.socket(), python.socket)) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> each.receive(1, 0));
            each.setReceiveTimeout(PATIENCE);
        }
        return python;
    }

    /** Has an interactive script execute some statements, to their end. */
    public void run(String statements) throws IOException {
        peer.socket().send(Text.buffer(statements));
        try (Received done = peer.socket().receive(1, 0)) {
            assertThat(done.isEndOfStream()).as("the script failed").isFalse();
        }
    }

    /** The end of this process. */
    public ScmSocket socket() {
        return socket;
    }

    /** The process at the other end. */
    public PythonPeer peer() {
        return peer;
    }

    /** Closes this end, and asserts that the script ends well. */
    @Override
    public void close() throws IOException {
        socket.close();
        peer.close();
    }
}
