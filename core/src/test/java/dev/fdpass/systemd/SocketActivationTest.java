package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.Python;
import dev.fdpass.testing.Text;
import dev.fdpass.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** systemd-socket-activate starts a service in Java with several listeners. */
class SocketActivationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Not of those that the kernel gives to whoever wants any port, and perhaps to somebody else before it is used. */
    private static final String FREE_PORT = """
            import random, socket
            while True:
                try:
                    with socket.create_server(("127.0.0.1", random.randrange(10000, 32000))) as server:
                        print(server.getsockname()[1])
                        break
                except OSError:
                    pass
            """;

    private static final String CLIENT = """
            import socket, sys, time
            deadline = time.monotonic() + int(sys.argv[2])
            while True:
                try:
                    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), int(sys.argv[2]))
                    break
                except ConnectionRefusedError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.01)
            print(s.makefile().read())
            """;

    @TempDir
    private Path directory;

    @Test
    void theServiceFindsItsDescriptorsByNameAndTwoMayHaveOne() throws Exception {
        List<String> command = new ArrayList<>(List.of(Tool.SYSTEMD_SOCKET_ACTIVATE.command()));
        for (String name : List.of("one", "two", "door")) {
            command.add("--listen=" + directory.resolve(name));
        }
        command.add("--fdname=twin:twin:door");
        command.addAll(JavaProgram.onClassPath(ActivatedService.class));
        try (ChildProcess service = ChildProcess.start(command);
                UnixStream client =
                        service.connect(() -> UnixStream.connect(UnixAddress.of(directory.resolve("door"))))) {
            client.setReceiveTimeout(PATIENCE);
            try (Received answer = client.receive(2000, 0)) {
                assertThat(Text.of(answer.data()).lines())
                        .map(line -> line.replaceFirst("socket:\\[\\d+]", "socket:[…]"))
                        .containsExactly(
                                "3 [twin, twin, door]",
                                "again 0",
                                "no descriptor is named \"window\"; there are \"twin\", \"door\"",
                                "the descriptor named \"door\" is fd 5 (socket, read write, socket:[…]);"
                                        + " expected was a TCP socket that listens. Look at what starts this program, remaining 3",
                                "twins [3, 4]",
                                "passed on []",
                                "left []");
            }
            service.await().outputOfSuccess();
        }
    }

    @Test
    void aTcpListenerBecomesAChannelOfTheJdk() throws Exception {
        String port = Python.run(FREE_PORT).outputOfSuccess().strip();
        List<String> command = new ArrayList<>(List.of(
                Tool.SYSTEMD_SOCKET_ACTIVATE.command(),
                "--listen=" + directory.resolve("door"),
                "--listen=127.0.0.1:" + port,
                "--fdname=door.socket:http.socket"));
        command.addAll(JavaProgram.onClassPath(ActivatedChannel.class));
        try (ChildProcess service = ChildProcess.start(command);
                ChildProcess client = Python.start(CLIENT, port, PATIENCE.toSeconds())) {
            assertThat(client.await().outputOfSuccess().strip())
                    .isEqualTo("descriptor 4, open false, left [door.socket], accepted at /127.0.0.1:" + port);
            service.await().outputOfSuccess();
        }
    }
}
