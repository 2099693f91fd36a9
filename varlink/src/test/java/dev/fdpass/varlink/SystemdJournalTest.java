package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * systemd's own implementation at the other end: its journal is a service, {@code journalctl} a client. Both run with a
 * {@code /run} of their own. They pass no descriptors; what does, no systemd before 256 has in a program.
 */
class SystemdJournalTest {
    private static final Path JOURNALD = Path.of("/lib/systemd/systemd-journald");
    private static final String JOURNAL = "io.systemd.Journal.";

    @TempDir
    private Path directory;

    @BeforeEach
    void needsSystemdAndRoot() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(JOURNALD), JOURNALD + " is not installed");
        Assumptions.assumeTrue(
                run("true").waitFor() == 0,
                "unshare and mount are refused: not root, or in a container without that right");
    }

    /** Runs a command of the shell with an empty {@code /run}, and keeps what it says. */
    private Process run(String command) throws IOException {
        String script =
                "mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/log && mkdir /run/systemd && " + command;
        return new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectInput(new File("/dev/null"))
                .start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"), StandardCharsets.UTF_8);
    }

    @Test
    void theJournalAnswersOurCalls() throws Exception {
        Process journal = run("exec " + JOURNALD + " fdpass");
        try {
            String socket = "/proc/" + journal.pid() + "/root/run/systemd/journal.fdpass/io.systemd.journal";
            try (VarlinkClient client = connect(socket, journal)) {
                client.setRequestTimeout(Duration.ofSeconds(60));
                for (int i = 0; i < 3; i++) {
                    try (Reply reply = client.call(JOURNAL + "Synchronize", Map.of())) {
                        assertThat(reply.parameters()).isEmpty();
                        assertThat(reply.fdCount()).isZero();
                    }
                    client.call(JOURNAL + "Rotate", Map.of()).close();
                    fails(client, JOURNAL + "FlushToVar", "io.systemd.Journal.NotSupportedByNamespaces");
                    fails(client, JOURNAL + "Nothing", VarlinkException.METHOD_NOT_FOUND);
                    assertThatExceptionOfType(VarlinkException.class)
                            .isThrownBy(() -> client.call(JOURNAL + "Synchronize", Map.of("unknown", 1)))
                            .matches(e -> e.is(VarlinkException.INVALID_PARAMETER))
                            .matches(e -> e.parameters().path("parameter").isTextual());
                }
            }
        } finally {
            journal.destroy();
            assertThat(journal.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void fails(VarlinkClient client, String method, String error) {
        assertThatExceptionOfType(VarlinkException.class)
                .isThrownBy(() -> client.call(method, Map.of()))
                .matches(e -> e.is(error), "is " + error);
    }

    private VarlinkClient connect(String socket, Process journal) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return VarlinkClient.connect("unix:" + socket);
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !journal.isAlive()) {
                    throw new AssertionError(output(), e);
                }
                Thread.sleep(20);
            }
        }
    }

    @Test
    void journalctlCallsOurs() throws Exception {
        List<String> called = new CopyOnWriteArrayList<>();
        VarlinkService service = VarlinkService.builder("Example", "Journal", "1", "https://example.org")
                .add("""
                        interface io.systemd.Journal
                        method Synchronize() -> ()
                        method Rotate() -> ()
                        method FlushToVar() -> ()
                        error NotSupportedByNamespaces ()
                        """, call -> {
                    called.add(call.methodName());
                    if (call.methodName().equals("FlushToVar")) {
                        throw new VarlinkException("io.systemd.Journal.NotSupportedByNamespaces");
                    }
                    call.reply(Map.of());
                })
                .build();
        try (VarlinkServer server = VarlinkServer.start("unix:" + directory.resolve("io.systemd.journal"), service)) {
            String link = "ln -s " + directory + " /run/systemd/journal.fdpass && journalctl --namespace=fdpass ";
            assertThat(ends(run(link + "--sync"))).as(output()).isZero();
            assertThat(ends(run(link + "--rotate"))).as(output()).isZero();
            assertThat(called).containsExactly("Synchronize", "Rotate");
            assertThat(ends(run(link + "--flush"))).isNotZero();
            assertThat(ends(run(link + "--relinquish-var"))).isNotZero();
            assertThat(called).doesNotContain("RelinquishVar");
            assertThat(server.localAddress().path()).isPresent();
        }
    }

    private static int ends(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
