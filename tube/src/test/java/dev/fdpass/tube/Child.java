package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import dev.fdpass.testing.JavaProgram;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A class of these tests with a main method, in another JVM, which has the other end of a socket as descriptor 3. */
final class Child implements AutoCloseable {
    private final SpawnedProcess process;
    private final UnixStream socket;

    private Child(SpawnedProcess process, UnixStream socket) {
        this.process = process;
        this.socket = socket;
    }

    static Child java(Class<?> main) throws IOException {
        List<String> command = JavaProgram.inModule(
                main, List.of("-Ddev.fdpass.parkingIdleMillis=20", "--enable-native-access=dev.fdpass"));
        SocketPair<UnixStream> pair = UnixStream.pair();
        try {
            SpawnedProcess process = Spawn.of(command)
                    .fd(3, pair.second())
                    .stdoutPipe()
                    .stderrToStdout()
                    .start();
            pair.second().close();
            return new Child(process, pair.first());
        } catch (Throwable t) {
            pair.close();
            throw t;
        }
    }

    UnixStream socket() {
        return socket;
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Closes the socket, and asserts that the program ends well, having written this and nothing else. */
    void endsAfterSaying(String expected) throws IOException, InterruptedException {
        socket.close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        assertThat(output).isEqualTo(expected);
        assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        socket.close();
        process.getInputStream().close();
        process.getOutputStream().close();
        process.getErrorStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
