package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnedFdOnSocketsTest {
    /** The JDK opens a socket of its own when it first closes one, and keeps it: before descriptors are counted. */
    @BeforeAll
    static void letTheJdkOpenWhatItKeeps() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket peer = listener.accept()) {
            assertThat(client.getLocalPort()).isEqualTo(peer.getPort());
        }
    }

    @Test
    @DisplayName("R10: reading a Unix socket as a file would destroy descriptors, and is refused")
    void aUnixSocketIsNeitherReadNorWritten() throws IOException {
        try (SocketPair<UnixStream> streams = UnixStream.pair();
                SocketPair<UnixSeqpacket> packets = UnixSeqpacket.pair();
                SocketPair<UnixDatagram> datagrams = UnixDatagram.pair()) {
            for (ScmSocket socket : List.of(streams.first(), packets.first(), datagrams.first())) {
                OwnedFd fd = socket.asFd();
                List<ThrowingCallable> operations = List.of(
                        () -> fd.read(ByteBuffer.allocate(10)),
                        () -> fd.read(new ByteBuffer[] {ByteBuffer.allocate(10)}),
                        () -> fd.write(Text.buffer("x")),
                        () -> fd.write(new ByteBuffer[] {Text.buffer("x")}),
                        () -> Channels.newInputStream(fd).read());
                for (ThrowingCallable operation : operations) {
                    assertThatThrownBy(operation)
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessageContaining("fd " + fd.number())
                            .hasMessageContaining("UnixStream.adopt")
                            .hasMessageContaining("UnixSeqpacket.adopt");
                }
            }
        }
    }

    @Test
    void nothingWasLostByTheRefusal() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.first().send(Text.buffer("bytes"), pair.first());
            assertThatThrownBy(() -> pair.second().asFd().read(ByteBuffer.allocate(10)))
                    .isInstanceOf(UnsupportedOperationException.class);

            try (Received received = pair.second().receive(10, 1)) {
                assertThat(received.bytes()).isEqualTo(5);
                assertThat(received.fdCount()).isEqualTo(1);
            }
        }
    }

    @Test
    void aTcpSocketIsReadAndWritten() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                OwnedFd original = OwnedFd.adopt(LibcCalls.tcpConnection(listener.getLocalPort()));
                OwnedFd tcp = original.duplicate();
                Socket peer = listener.accept()) {
            assertThat(tcp.info().kind()).isEqualTo(FdInfo.Kind.SOCKET);
            tcp.write(new ByteBuffer[] {Text.buffer("he"), Text.direct("llo")});
            assertThat(peer.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(UTF_8));

            Background<String> reader = Background.blocked(() -> {
                ByteBuffer answer = ByteBuffer.allocate(10);
                tcp.read(answer);
                return Text.before(answer);
            });
            peer.getOutputStream().write("answer".getBytes(UTF_8));
            assertThat(reader.get()).isEqualTo("answer");

            peer.shutdownOutput();
            assertThat(tcp.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("L01: close of one descriptor wakes its reader and leaves the connection to the others")
    void closeWakesAReaderOfATcpSocket() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                OwnedFd original = OwnedFd.adopt(LibcCalls.tcpConnection(listener.getLocalPort()));
                Socket peer = listener.accept()) {
            OwnedFd duplicate = original.duplicate();
            Background<Integer> reader = Background.blocked(() -> duplicate.read(ByteBuffer.allocate(10)));

            duplicate.close();

            assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            original.write(Text.buffer("still here"));
            assertThat(peer.getInputStream().readNBytes(10)).isEqualTo("still here".getBytes(UTF_8));
        }
    }
}
