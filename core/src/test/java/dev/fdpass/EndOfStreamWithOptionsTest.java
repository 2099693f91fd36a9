package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfStreamWithOptionsTest {
    /** Gets a socket, and asks for credentials on it. */
    private static final String SCRIPT = """
            _, fds, _, _ = socket.recv_fds(peer, 1, 1)
            shared = socket.socket(fileno=fds[0])
            shared.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            peer.sendall(b"+")
            peer.recv(1)
            """;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32})
    @DisplayName("R05: the end of a stream is the end, also where somebody else has asked for credentials since")
    void isFound(int room) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                ScmMessage message = ScmMessage.allocate(8, room)) {
            try (PythonPeer python = PythonPeer.start(SCRIPT);
                    Received done = sendAndAwait(python.socket(), pair.second())) {
                assertThat(done.bytes()).isEqualTo(1);
            }
            pair.first().send(ByteBuffer.allocate(1));
            pair.first().close();
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(pair.second().receive(message)).isFalse();
            assertThat(message.isEndOfStream()).isTrue();
        }
    }

    private static Received sendAndAwait(UnixStream peer, UnixStream shared) throws IOException {
        peer.send(ByteBuffer.allocate(1), shared);
        return peer.receive(1, 0);
    }
}
