package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A connection more than there may be, with a descriptor in it whose closing takes a minute. */
class RefusedConnectionsTest {
    /** Closing a TCP socket with unsent data that nobody reads waits, if it has SO_LINGER. */
    private static final String LINGERING = """
            import time
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 60))
            s.connect(listener.getsockname())
            accepted = listener.accept()[0]
            s.setblocking(False)
            for i in range(5): # until the other end takes nothing more
                try:
                    while True:
                        s.send(bytes(1 << 16))
                except BlockingIOError:
                    time.sleep(0.02)
            varlink = socket.socket(socket.AF_UNIX)
            varlink.connect("\\0" + sys.argv[2])
            socket.send_fds(varlink, [b"x"], [s.fileno()])
            s.close() # the last one is on its way
            peer.send(b"x")
            os.read(0, 1)
            """;

    @Test
    @DisplayName("R21: others are heard at once")
    void delaysNobody() throws IOException {
        VarlinkService service =
                VarlinkService.builder("a", "b", "c", "d").maxConnections(1).build();
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
        try (UnixStream first = UnixStream.connect(listener.localAddress());
                PythonPeer python = PythonPeer.start(
                        LINGERING, listener.localAddress().toString().substring(1))) {
            python.socket().receive(1, 0).close(); // what it sent is in the queue
            try (VarlinkServer server = service.listen(listener);
                    UnixStream third = UnixStream.connect(server.address())) {
                third.setReceiveTimeout(Duration.ofSeconds(10));
                assertThat(third.receive(1, 0).isEndOfStream()).isTrue();
                assertThat(first.isOpen()).isTrue();
            } finally {
                python.goOn();
            }
        }
    }
}
