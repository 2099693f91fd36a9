package dev.fdpass.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.ServesActivated;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import dev.fdpass.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service in Java that is started by the first client, with the socket as descriptor 3. */
class SystemdSocketActivateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FOUND = "[door], inheritable before true and after false";

    @TempDir
    private Path directory;

    /** The JDK opens a socket of its own when it first closes one, and keeps it: before descriptors are counted. */
    @BeforeAll
    static void letTheJdkOpenWhatItKeeps() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            assertThat(client.getLocalPort()).isEqualTo(accepted.getPort());
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAM,pathname", "STREAM,abstract", "SEQPACKET,pathname", "DATAGRAM,pathname"})
    @DisplayName("L08: a service adopts the socket that it was started with, close-on-exec from then on, and serves")
    void aUnixSocket(SocketType type, String kind) throws Exception {
        UnixAddress address = kind.equals("abstract")
                ? UnixAddress.of("@fdpass-activate-" + UUID.randomUUID())
                : UnixAddress.of(directory.resolve("door"));
        List<String> options = switch (type) {
            case STREAM -> List.of();
            case SEQPACKET -> List.of("--seqpacket");
            case DATAGRAM -> List.of("--datagram");
        };
        try (ChildProcess service = start(address.toString(), options, type.name());
                ScmSocket client = service.connect(() -> connect(type, address));
                EventFd bell = EventFd.create()) {
            client.setReceiveTimeout(PATIENCE);
            client.send(Text.buffer("ring"), bell);
            try (Received answer = client.receive(200, 0)) {
                assertThat(Text.of(answer.data())).isEqualTo(FOUND);
            }
            assertThat(bell.read()).isEqualTo(1);
            service.await().outputOfSuccess();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCP", "CHANNEL"})
    @DisplayName("L08: a TCP listener likewise, also as a channel of the JDK")
    void aTcpListener(String use) throws Exception {
        // An address of this machine that nobody else uses, or the port could be another's before the service has it.
        long pid = ProcessHandle.current().pid();
        InetAddress address =
                InetAddress.getByAddress(new byte[] {127, (byte) (64 + (pid >> 16)), (byte) (pid >> 8), (byte) pid});
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, address)) {
            port = free.getLocalPort();
        }
        try (ChildProcess service = start(address.getHostAddress() + ":" + port, List.of(), use);
                Socket client = service.connect(() -> new Socket(address, port))) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo(FOUND);
            service.await().outputOfSuccess();
        }
    }

    private static ChildProcess start(String address, List<String> options, String argument) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Tool.SYSTEMD_SOCKET_ACTIVATE.command(), "--listen=" + address, "--fdname=door"));
        command.addAll(options);
        command.addAll(JavaProgram.onClassPath(ServesActivated.class, argument));
        return ChildProcess.start(command);
    }

    private static ScmSocket connect(SocketType type, UnixAddress address) throws IOException {
        return switch (type) {
            case STREAM -> UnixStream.connect(address);
            case SEQPACKET -> UnixSeqpacket.connect(address);
            case DATAGRAM -> {
                UnixDatagram socket = UnixDatagram.bind(UnixAddress.unnamed());
                try {
                    yield socket.connect(address);
                } catch (IOException e) {
                    socket.close();
                    throw e;
                }
            }
        };
    }
}
