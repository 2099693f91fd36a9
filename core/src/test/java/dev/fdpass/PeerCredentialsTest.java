package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerCredentialsTest {
    private static Credentials own() throws IOException {
        Path self = Path.of("/proc/self");
        return new Credentials((int) ProcessHandle.current().pid(), (int) Files.getAttribute(self, "unix:uid"), (int)
                Files.getAttribute(self, "unix:gid"));
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void ofAPairAreOurOwn(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.first().peerCredentials()).isEqualTo(own());
            assertThat(pair.second().peerCredentials()).isEqualTo(own());
        }
    }

    @Test
    void ofAConnectionAreOurOwnOnBothSides() throws IOException {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                UnixSeqpacket server = listener.accept()) {
            assertThat(client.peerCredentials()).isEqualTo(own());
            assertThat(server.peerCredentials()).isEqualTo(own());
        }
    }

    @Test
    void ofAChildAreTheChilds() throws Exception {
        try (PythonPeer python = PythonPeer.start("peer.recv(1)")) {
            assertThat(python.socket().peerCredentials())
                    .isEqualTo(new Credentials((int) python.pid(), own().uid(), own().gid()));
        }
    }

    @Test
    void thereAreNoneWithoutAConnection() throws IOException {
        try (UnixDatagram server = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram client = UnixDatagram.open()) {
            assertThatIllegalStateException()
                    .isThrownBy(client::peerCredentials)
                    .withMessageContaining("no peer");
            client.connect(server.localAddress());
            assertThatIllegalStateException().isThrownBy(client::peerCredentials);
        }
    }
}
