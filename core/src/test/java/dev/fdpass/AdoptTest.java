package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdoptTest {
    /** A way to adopt. */
    private interface Adopt {
        AsFd adopt(OwnedFd fd) throws IOException;
    }

    private static final Map<String, Adopt> WAYS = Map.of(
            "stream socket that does not listen", UnixStream::adopt,
            "datagram socket", UnixDatagram::adopt,
            "seqpacket socket that does not listen", UnixSeqpacket::adopt,
            "stream socket that listens", UnixStreamListener::adopt,
            "seqpacket socket that listens", UnixSeqpacketListener::adopt);

    @Test
    void eachKindOnlyInItsOwnWay() throws IOException {
        try (SocketPair<UnixStream> streams = UnixStream.pair();
                SocketPair<UnixDatagram> datagrams = UnixDatagram.pair();
                SocketPair<UnixSeqpacket> packets = UnixSeqpacket.pair();
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                UnixSeqpacketListener packetListener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
            Map<String, AsFd> sockets = Map.of(
                    "stream socket that does not listen", streams.first(),
                    "datagram socket", datagrams.first(),
                    "seqpacket socket that does not listen", packets.first(),
                    "stream socket that listens", listener,
                    "seqpacket socket that listens", packetListener);
            for (Map.Entry<String, Adopt> way : WAYS.entrySet()) {
                for (Map.Entry<String, AsFd> socket : sockets.entrySet()) {
                    OwnedFd fd = socket.getValue().asFd();
                    if (way.getKey().equals(socket.getKey())) {
                        assertThat(way.getValue().adopt(fd).asFd()).isSameAs(fd);
                    } else {
                        assertThatIllegalArgumentException()
                                .as("%s as %s", socket.getKey(), way.getKey())
                                .isThrownBy(() -> way.getValue().adopt(fd))
                                .withMessageContaining("AF_UNIX " + way.getKey() + " is needed");
                    }
                    assertThat(fd.isOpen())
                            .as("still open after it was refused")
                            .isTrue();
                }
            }
        }
    }

    @Test
    @DisplayName("S10: a socket of another family is refused: it would drop descriptors without a word")
    void anotherFamily() throws Exception {
        String script = """
                tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                listening.bind(("127.0.0.1", 0))
                listening.listen()
                socket.send_fds(peer, [b"+"], [tcp.fileno(), udp.fileno(), listening.fileno()])
                peer.recv(1)
                """;
        try (PythonPeer python = PythonPeer.start(script);
                Received received = python.socket().receive(1, 3)) {
            List<OwnedFd> fds = received.takeFds();
            assertThat(fds).hasSize(3);
            for (OwnedFd fd : fds) {
                for (Adopt way : WAYS.values()) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> way.adopt(fd))
                            .withMessageContaining("family 2");
                }
                fd.close();
            }
        }
    }

    @Test
    void whatIsNoSocketOrClosed() throws IOException {
        OwnedFd file = OwnedFd.open(Path.of("/dev/null"));
        for (Adopt way : WAYS.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> way.adopt(file))
                    .withMessageContaining("/dev/null")
                    .withMessageContaining("is needed");
        }
        assertThat(file.isOpen()).isTrue();
        file.close();
        for (Adopt way : WAYS.values()) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> way.adopt(file));
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void aReceivedSocketWorks(SocketType type) throws IOException {
        try (SocketPair<UnixSeqpacket> carrier = UnixSeqpacket.pair();
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            carrier.first().send(ByteBuffer.allocate(1), pair.second());
            try (Received received = carrier.second().receive(1, 1);
                    ScmSocket adopted = type.adopt(received.takeFd(0))) {
                pair.first().send(ByteBuffer.allocate(3), carrier.first());
                try (Received through = adopted.receive(10, 1)) {
                    assertThat(through.bytes()).isEqualTo(3);
                    assertThat(through.fdCount()).isEqualTo(1);
                }
            }
            assertThat(pair.second().isOpen()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // the sender lets go of it early
    void aReceivedListenerAccepts() throws IOException {
        try (SocketPair<UnixStream> carrier = UnixStream.pair();
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            UnixAddress address = listener.localAddress();
            carrier.first().send(ByteBuffer.allocate(1), listener);
            listener.close();
            try (Received received = carrier.second().receive(1, 1);
                    UnixStreamListener successor = UnixStreamListener.adopt(received.takeFd(0));
                    UnixStream client = UnixStream.connect(address);
                    UnixStream server = successor.accept()) {
                client.send(ByteBuffer.allocate(2));
                assertThat(server.read(ByteBuffer.allocate(9))).isEqualTo(2);
            }
        }
    }

    @Test
    void theViewAndItsOwnerCloseTogether() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            OwnedFd fd = pair.first().asFd().duplicate();
            UnixStream view = UnixStream.adopt(fd);
            view.close();
            assertThat(fd.isOpen()).isFalse();
            OwnedFd again = pair.first().asFd().duplicate();
            UnixStream other = UnixStream.adopt(again);
            again.close();
            assertThat(other.isOpen()).isFalse();
        }
    }
}
