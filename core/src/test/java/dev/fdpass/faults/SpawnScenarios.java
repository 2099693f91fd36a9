package dev.fdpass.faults;

import static dev.fdpass.faults.VirtualScenarios.VIRTUALLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.FdPipe;
import dev.fdpass.OwnedFd;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Pipes, and other programs. */
final class SpawnScenarios {
    /** Whose executing fails anyway, so that whatever is injected this process stays what it is. */
    static final String EXEC = "become a program that is not there";

    private SpawnScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("open a pipe", stage -> stage.operation(FdPipe::open));
        all.put("start a program", SpawnScenarios::start);
        all.put(
                VIRTUALLY + "wait for a program",
                stage -> stage.operation(
                        () -> "status " + Spawn.of("true").start().waitFor()));
        all.put(EXEC, SpawnScenarios::exec);
    }

    private static void start(Stage stage) throws Exception {
        OwnedFd fd = stage.keep(OwnedFd.open(Path.of("/dev/null")));
        AtomicReference<SpawnedProcess> started = new AtomicReference<>();
        stage.operation(() -> {
            started.set(Spawn.of("sleep", "600")
                    .fd(3, fd)
                    .fd(7, fd)
                    .directory(Path.of("/"))
                    .stdinPipe()
                    .stdoutPipe()
                    .start());
            return "started";
        });
        stage.after(failed -> {
            SpawnedProcess process = started.getAndSet(null);
            if (process != null) {
                assertThat(process.destroyForcibly().waitFor()).isEqualTo(128 + 9);
                process.getOutputStream().close();
                process.getInputStream().close();
            }
            assertThat(ProcessHandle.current().children()).as("children").isEmpty();
            return "";
        });
    }

    private static void exec(Stage stage) throws Exception {
        OwnedFd fd = stage.keep(OwnedFd.open(Path.of("/dev/null")));
        Path here = directory();
        stage.operation(() -> {
            Spawn.of("/no/such/program")
                    .fd(3, fd)
                    .fd(40, fd)
                    .directory(Path.of("/"))
                    .exec();
            return "impossible";
        });
        stage.after(failed -> {
            assertThat(directory()).isEqualTo(here).isNotEqualTo(Path.of("/"));
            assertThat(fd.info().closeOnExec()).isTrue();
            return "";
        });
    }

    private static Path directory() throws IOException {
        return Path.of("/proc/self/cwd").toRealPath();
    }
}
