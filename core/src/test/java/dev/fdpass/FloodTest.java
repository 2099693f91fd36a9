package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client misbehaves, as CVE-2014-3636, -3637 and -7824 did to the D-Bus daemon; another one must not notice. */
class FloodTest {
    private static final int MESSAGES = 2000;
    private static final String FLOOD = "/memfd:flood";

    /** A client that behaves: so many messages with a file, each answered before the next. */
    private static void serveGoodClient(int messages) throws Exception {
        try (Memfds files = new Memfds(1);
                UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                UnixSeqpacket server = listener.accept()) {
            client.setReceiveTimeout(Duration.ofSeconds(60));
            server.setReceiveTimeout(Duration.ofSeconds(60));
            try (Background<Integer> serving = Background.run(() -> {
                for (int i = 0; i < messages; i++) {
                    try (Received received = server.receive(10, 1);
                            OwnedFd fd = received.takeFd(0)) {
                        server.send(received.data(), fd);
                    }
                }
                return messages;
            })) {
                for (int i = 0; i < messages; i++) {
                    client.send(ByteBuffer.allocate(1), files.get(0));
                    try (Received answer = client.receive(10, 1);
                            OwnedFd same = answer.takeFd(0)) {
                        assertThat(answer.isControlTruncated()).isFalse();
                        assertThat(same.info().isSameFile(files.get(0).asFd().info()))
                                .isTrue();
                    }
                }
                assertThat(serving.get()).isEqualTo(messages);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    @DisplayName(
            "R21: of a flood no more is open at a time than one message was asked for, and another client is served")
    void aFlood(int room) throws Exception {
        String script = """
                import errno, time
                fds = [os.memfd_create("flood")] * 253
                left = int(sys.argv[2])
                while left > 0:
                    try:
                        socket.send_fds(peer, [b"x"], fds)
                        left -= 1
                    except OSError as e:
                        # No more may be on their way, of a user with an ordinary limit; the receiver makes room.
                        if e.errno != errno.ETOOMANYREFS:
                            raise
                        time.sleep(0.001)
                """;
        try (PythonPeer python = PythonPeer.start(script, "" + MESSAGES);
                Background<Long> victim = Background.run(() -> receiveAll(python.socket(), room))) {
            serveGoodClient(200);
            assertThat(victim.get()).isEqualTo((long) MESSAGES * room);
            assertThat(OpenFiles.count(FLOOD)).isZero();
        }
    }

    /** Descriptors that came, each message of which is dropped. */
    private static long receiveAll(UnixStream socket, int room) throws IOException {
        socket.setReceiveTimeout(Duration.ofSeconds(60));
        long came = 0;
        while (true) {
            try (Received received = socket.receive(64, room)) {
                if (received.isEndOfStream()) {
                    return came;
                }
                came += received.fdCount();
                assertThat(received.isControlTruncated()).isTrue();
                assertThat(OpenFiles.count(FLOOD)).isEqualTo(room);
            }
        }
    }

    @Test
    @DisplayName(
            "R21: who sends half a message and falls silent is cut when its time is over; its descriptors are closed")
    void halfAMessage() throws Exception {
        String script = """
                socket.send_fds(peer, [b"half"], [os.memfd_create("flood")] * 3)
                assert peer.recv(1) == b""
                """;
        try (PythonPeer python = PythonPeer.start(script)) {
            UnixStream silent = python.socket();
            ByteBuffer whole = ByteBuffer.allocate(8);
            try (Received first = silent.receive(whole, 4)) {
                assertThat(first.fdCount()).isEqualTo(3);
                silent.setReceiveTimeout(Duration.ofSeconds(2));
                // Not only once it is seen waiting: on a busy machine its time may be over first.
                try (Background<Received> waiting = Background.run(() -> silent.receive(whole, 4))) {
                    serveGoodClient(20);
                    assertThat(waiting.failure()).isInstanceOf(SocketTimeoutException.class);
                }
                silent.close();
            }
            assertThat(whole.position()).isEqualTo(4);
            assertThat(OpenFiles.count(FLOOD)).isZero();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> silent.receive(whole, 4));
        }
    }
}
