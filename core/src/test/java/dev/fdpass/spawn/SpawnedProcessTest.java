package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.FdPipe;
import dev.fdpass.PidFd;
import dev.fdpass.Signal;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A started program is a {@link Process} as others are. */
class SpawnedProcessTest {
    @Test
    void endsWithItsStatus() throws Exception {
        SpawnedProcess process = Spawn.of("sh", "-c", "exit 7").start();
        assertThat(process.waitFor()).isEqualTo(7);
        assertThat(process.exitValue()).isEqualTo(7);
        assertThat(process.isAlive()).isFalse();
        assertThat(process.onExit().join()).isSameAs(process);
        assertThat(process).hasToString("SpawnedProcess[process " + process.pid() + ", exit status 7]");
        assertThat(process.sendSignal(Signal.SIGTERM)).isFalse();
        process.destroy();
        process.destroyForcibly();
        assertThatThrownBy(process::pidFd).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void isSignalledAndDestroyed() throws Exception {
        SpawnedProcess process = Spawn.of("sleep", "600").start();
        assertThat(process.isAlive()).isTrue();
        assertThatThrownBy(process::exitValue).isInstanceOf(IllegalThreadStateException.class);
        assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(process.toHandle().pid()).isEqualTo(process.pid());
        assertThat(process.info().command().orElseThrow()).endsWith("sleep");
        assertThat(process.supportsNormalTermination()).isTrue();
        assertThat(process.sendSignal(Signal.SIGCONT)).isTrue();
        try (PidFd same = process.pidFd()) {
            assertThat(same.pid()).isEqualTo(process.pid());
            process.destroy();
            same.awaitExit();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 15);

        SpawnedProcess other = Spawn.of("sleep", "600").start();
        assertThat(other.destroyForcibly().waitFor()).isEqualTo(128 + 9);
    }

    /** Whenever that is, also in the moment when it has been waited for and its descriptor is still open. */
    @Test
    void aSignalToOneThatEndsIsNoError() throws Exception {
        for (int i = 0; i < 100; i++) {
            SpawnedProcess process = Spawn.of("true").start();
            while (process.sendSignal(Signal.SIGCONT)) {
                Thread.onSpinWait();
            }
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void itsPipesAreStreams() throws Exception {
        int before = OpenFiles.count();
        SpawnedProcess process = Spawn.of("sh", "-c", "read line; echo \"got $line\"; echo oops >&2")
                .stdinPipe()
                .stdoutPipe()
                .stderrPipe()
                .start();
        try (var writer = process.outputWriter(UTF_8)) {
            writer.write("this\n");
        }
        try (var reader = process.inputReader(UTF_8);
                var errors = process.errorReader(UTF_8)) {
            assertThat(reader.readLine()).isEqualTo("got this");
            assertThat(reader.readLine()).isNull();
            assertThat(errors.readLine()).isEqualTo("oops");
        }
        assertThat(process.waitFor()).isZero();
        OpenFiles.awaitCount(before);
    }

    @Test
    void errorsGoWhereTheOutputGoes() throws Exception {
        Spawn both = Spawn.of("sh", "-c", "echo out; echo oops >&2").stderrToStdout();
        assertThat(Lists.outputOf(both)).isEqualTo("out\noops\n");
        try (FdPipe pipe = FdPipe.open()) {
            SpawnedProcess process = both.fd(1, pipe.writeEnd()).start();
            pipe.writeEnd().close();
            byte[] said = Channels.newInputStream(pipe.readEnd()).readAllBytes();
            assertThat(new String(said, UTF_8)).isEqualTo("out\noops\n");
            assertThat(process.waitFor()).isZero();
        }
        assertThat(both.start().waitFor()).isZero(); // to /dev/null
    }

    @Test
    void withoutPipesThereIsNothing() throws Exception {
        SpawnedProcess process = Spawn.of("true").start();
        assertThat(process.getInputStream().read()).isEqualTo(-1);
        assertThat(process.getErrorStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> process.getOutputStream().write(1)).isInstanceOf(IOException.class);
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aMissingReaderIsAnError() throws Exception {
        SpawnedProcess process = Spawn.of("true").stdinPipe().start();
        assertThat(process.waitFor()).isZero();
        var output = process.getOutputStream();
        output.write(1);
        assertThatThrownBy(output::flush).isInstanceOf(IOException.class).hasMessageContaining("EPIPE");
        assertThatThrownBy(output::close).isInstanceOf(IOException.class);
    }

    /** Nobody waits for these. */
    @Test
    void noneStaysAZombie() throws Exception {
        int before = OpenFiles.count();
        List<SpawnedProcess> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(Spawn.of("true").start());
        }
        for (SpawnedProcess process : all) {
            process.onExit().get(60, TimeUnit.SECONDS);
            assertThat(Path.of("/proc/" + process.pid())).doesNotExist();
            assertThat(process.exitValue()).isZero();
        }
        OpenFiles.awaitCount(before);
    }

    @Test
    void theCollectorDoesNotMatter() throws Exception {
        CompletableDone done = new CompletableDone();
        var unused = Spawn.of("sleep", "0.3").start().onExit().thenAccept(process -> done.status = process.exitValue());
        Waiting.soon(() -> {
            System.gc();
            return done.status >= 0;
        });
        assertThat(done.status).isZero();
    }

    private static final class CompletableDone {
        volatile int status = -1;
    }

    @Test
    void anInterruptEndsTheWaitAndNothingElse() throws Exception {
        SpawnedProcess process = Spawn.of("sleep", "600").start();
        Thread.currentThread().interrupt();
        assertThatThrownBy(process::waitFor).isInstanceOf(InterruptedException.class);
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly().waitFor();
    }
}
