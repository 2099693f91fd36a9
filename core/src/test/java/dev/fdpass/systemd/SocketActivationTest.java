package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.ChildJvm;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Text;
import dev.fdpass.testing.Tool;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** systemd-socket-activate starts a service in Java with three listeners, two of which have one name. */
class SocketActivationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void theServiceFindsItsDescriptorsByName() throws Exception {
        List<String> command = new ArrayList<>(List.of(Tool.SYSTEMD_SOCKET_ACTIVATE.command()));
        for (String name : List.of("one", "two", "door")) {
            command.add("--listen=" + directory.resolve(name));
        }
        command.add("--fdname=twin:twin:door");
        command.addAll(ChildJvm.of(ActivatedService.class).command());
        try (ChildProcess service = ChildProcess.start(command);
                UnixStream client = connect(service, UnixAddress.of(directory.resolve("door")))) {
            client.setReceiveTimeout(PATIENCE);
            try (Received answer = client.receive(2000, 0)) {
                assertThat(Text.of(answer.data()).lines())
                        .containsExactly(
                                "inheritable true",
                                "3 [twin, twin, door]",
                                "inheritable falsefalsefalse",
                                "again 0",
                                "no descriptor is named \"window\"; there are \"twin\", \"door\"",
                                "twins [3, 4]",
                                "passed on []",
                                "left []");
            }
            service.await().outputOfSuccess();
        }
    }

    private static UnixStream connect(ChildProcess service, UnixAddress address) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return UnixStream.connect(address);
            } catch (ConnectException e) {
                if (!service.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("nobody listens: " + service.await(), e);
                }
                Thread.sleep(10);
            }
        }
    }
}
