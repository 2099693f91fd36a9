package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Options of a listener, which its connections get: the kernel copies them when somebody connects, not at accept(2). */
class ListenerOptionsTest {
    private static final Credentials OWN = Credentials.ofSelf();

    @Test
    @DisplayName("L09: options given to bind hold for the first message of the first connection")
    void givenToBind() throws IOException {
        try (UnixStreamListener listener =
                        UnixStreamListener.bind(UnixAddress.unnamed(), Map.of(ScmOption.SO_PASSCRED, true));
                UnixStream client = UnixStream.connect(listener.localAddress())) {
            assertThat(listener.getOption(ScmOption.SO_PASSCRED)).isTrue();
            client.send(ByteBuffer.allocate(1), client);
            try (UnixStream server = listener.accept();
                    Received first = server.receive(1, 1)) {
                assertThat(first.credentials()).contains(OWN);
                assertThat(first.fdCount()).isEqualTo(1);
                assertThat(first.isControlTruncated()).isFalse();
            }
        }
    }

    @Test
    @DisplayName("L09: who was queued before the option was set is known nevertheless, from his first message on")
    void whoWaitedAlreadyGetsThemToo() throws IOException {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress())) {
            client.send(ByteBuffer.allocate(1));
            listener.setOption(ScmOption.SO_PASSCRED, true);
            listener.setOption(ScmOption.SO_PASSPIDFD, true);
            listener.setOption(ScmOption.SO_PASSPIDFD, false);
            try (UnixSeqpacket server = listener.accept()) {
                assertThat(server.getOption(ScmOption.SO_PASSCRED)).isTrue();
                assertThat(server.getOption(ScmOption.SO_PASSPIDFD)).isFalse();
                client.send(ByteBuffer.allocate(1), client);
                try (Received early = server.receive(1, 1);
                        Received late = server.receive(1, 1)) {
                    // The kernel notes the sender of whatever comes before anyone could set an option.
                    assertThat(early.credentials()).contains(OWN);
                    assertThat(late.credentials()).contains(OWN);
                    assertThat(late.fdCount()).isEqualTo(1);
                    assertThat(late.isControlTruncated()).isFalse();
                }
            }
        }
    }

    @Test
    @DisplayName("R20: a process that connected before the listener refused descriptors is refused as well")
    void whoWaitedAlreadyIsRefusedToo() throws Exception {
        assumeTrue(ScmOption.SO_PASSRIGHTS.isSupported(), "this kernel has no SO_PASSRIGHTS; it needs Linux 6.16");
        String script = """
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                client.connect(peer.recv(200))
                peer.sendall(b"connected")
                peer.recv(1)
                try:
                    socket.send_fds(client, [b"x"], [0])
                    peer.sendall(b"sent")
                except PermissionError:
                    peer.sendall(b"refused")
                """;
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                PythonPeer python = PythonPeer.start(script)) {
            python.socket().send(ByteBuffer.wrap(listener.localAddress().sunPath()));
            assertThat(text(python)).isEqualTo("connected");
            listener.setOption(ScmOption.SO_PASSRIGHTS, false);
            try (UnixStream server = listener.tryAccept().orElseThrow()) {
                assertThat(server.getOption(ScmOption.SO_PASSRIGHTS)).isFalse();
                python.socket().send(ByteBuffer.allocate(1));
                assertThat(text(python)).isEqualTo("refused");
            }
        }
    }

    @Test
    @DisplayName("R20: what another view of the listener says later holds, also for who waits already")
    void severalViewsOfOneListener() throws IOException {
        try (UnixStreamListener one = UnixStreamListener.bind(UnixAddress.unnamed());
                UnixStreamListener other = UnixStreamListener.adopt(one.asFd())) {
            one.setOption(ScmOption.SO_PASSCRED, true);
            other.setOption(ScmOption.SO_PASSCRED, false);
            try (UnixStream client = UnixStream.connect(one.localAddress());
                    UnixStream server = one.accept()) {
                assertThat(client.isOpen()).isTrue();
                assertThat(server.getOption(ScmOption.SO_PASSCRED)).isFalse();
            }
            try (UnixStream client = UnixStream.connect(one.localAddress())) {
                other.setOption(ScmOption.SO_PASSCRED, true);
                client.send(ByteBuffer.allocate(1), client);
                try (UnixStream server = one.accept();
                        Received first = server.receive(1, 1)) {
                    assertThat(server.getOption(ScmOption.SO_PASSCRED)).isTrue();
                    assertThat(first.credentials()).contains(OWN);
                    assertThat(first.fdCount()).isEqualTo(1);
                    assertThat(first.isControlTruncated()).isFalse();
                }
            }
        }
    }

    @Test
    @DisplayName("L09: a datagram socket is bound with its options, so that its first message says who sent it")
    void datagrams() throws IOException {
        Map<ScmOption, Boolean> options = Map.of(ScmOption.SO_PASSCRED, true, ScmOption.SO_TIMESTAMPNS, true);
        try (UnixDatagram server = UnixDatagram.bind(UnixAddress.unnamed(), options);
                UnixDatagram client = UnixDatagram.open()) {
            client.sendTo(server.localAddress(), ByteBuffer.allocate(1), client);
            try (Received received = server.receive(1, 1)) {
                assertThat(received.credentials()).contains(OWN);
                assertThat(received.timestamp()).isPresent();
                assertThat(received.fdCount()).isEqualTo(1);
                assertThat(received.isControlTruncated()).isFalse();
            }
        }
    }

    @Test
    void anOptionWithoutAValueIsRefused() {
        Map<ScmOption, Boolean> options = new EnumMap<>(ScmOption.class);
        options.put(ScmOption.SO_PASSCRED, null);
        assertThatNullPointerException()
                .isThrownBy(() -> UnixStreamListener.bind(UnixAddress.unnamed(), options))
                .withMessageContaining("say true or false");
    }

    @Test
    void timestampsAreNotInherited() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(
                        () -> UnixSeqpacketListener.bind(UnixAddress.unnamed(), Map.of(ScmOption.SO_TIMESTAMPNS, true)))
                .withMessageContaining("set it on each connection");
    }

    private static String text(PythonPeer python) throws IOException {
        try (Received received = python.socket().receive(20, 0)) {
            byte[] bytes = new byte[received.bytes()];
            received.data().get(bytes);
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
