package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.Python;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerTest {
    private static Credentials own() throws IOException {
        Path self = Path.of("/proc/self");
        return new Credentials((int) ProcessHandle.current().pid(), (int) Files.getAttribute(self, "unix:uid"), (int)
                Files.getAttribute(self, "unix:gid"));
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void ofAPairAreOurOwn(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.first().peer().credentials()).isEqualTo(own());
            assertThat(pair.second().peer().credentials()).isEqualTo(own());
        }
    }

    @Test
    void ofAConnectionAreOurOwnOnBothSides() throws IOException {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                UnixSeqpacket server = listener.accept()) {
            assertThat(client.peer().credentials()).isEqualTo(own());
            assertThat(server.peer().credentials()).isEqualTo(own());
        }
    }

    @Test
    void ofAChildAreTheChilds() throws Exception {
        try (PythonPeer python = PythonPeer.start("peer.recv(1)")) {
            assertThat(python.socket().peer().credentials())
                    .isEqualTo(new Credentials((int) python.pid(), own().uid(), own().gid()));
        }
    }

    @Test
    void thereAreNoneWithoutAConnection() throws IOException {
        try (UnixDatagram server = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram client = UnixDatagram.open()) {
            assertThatIllegalStateException()
                    .isThrownBy(client.peer()::credentials)
                    .withMessageContaining("no peer");
            client.connect(server.localAddress());
            assertThatIllegalStateException().isThrownBy(client.peer()::credentials);
        }
    }

    @Test
    void groupsAreTheSupplementaryOnes() throws Exception {
        assumeTrue(own().uid() == 0, "only root can choose groups");
        try (PythonPeer python = PythonPeer.start("""
                os.setgroups([4294967294, 7, 65536])
                again = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                again.connect(peer.recv(200))
                again.recv(1)
                """);
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            String name = listener.localAddress().toString().replaceFirst("@", "\0");
            python.socket().send(ByteBuffer.wrap(name.getBytes(UTF_8)));
            try (UnixStream connection = listener.accept()) {
                assertThat(connection.peer().groups()).containsExactly(7L, 65536L, 4294967294L);
            }
        }
    }

    @Test
    void manyGroupsAreAllThere() throws Exception {
        assumeTrue(own().uid() == 0, "only root can choose groups");
        try (PythonPeer python = PythonPeer.start("""
                os.setgroups(range(1000, 2000))
                again = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                again.connect(peer.recv(200))
                again.recv(1)
                """);
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            String name = listener.localAddress().toString().replaceFirst("@", "\0");
            python.socket().send(ByteBuffer.wrap(name.getBytes(UTF_8)));
            try (UnixStream connection = listener.accept()) {
                assertThat(connection.peer().groups()).hasSize(1000).contains(1000L, 1999L);
            }
        }
    }

    @Test
    void labelIsThatOfASecurityModuleIfThereIsOne() throws Exception {
        // As another program sees it, on a pair of its own.
        String label = Python.run("""
                import socket
                try:
                    print(socket.socketpair()[0].getsockopt(socket.SOL_SOCKET, 31, 256).split(b"\\0")[0].decode(), end="")
                except OSError:
                    pass
                """).outputOfSuccess();
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertThat(pair.first().peer().securityLabel().orElse("")).isEqualTo(label);
        }
    }
}
