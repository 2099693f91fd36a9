package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Another process, which has the other end of a socket as descriptor 3. */
final class Child implements AutoCloseable {
    private final SpawnedProcess process;
    private final ScmSocket socket;

    private Child(SpawnedProcess process, ScmSocket socket) {
        this.process = process;
        this.socket = socket;
    }

    private static Child start(SocketKind kind, List<String> command) throws IOException {
        SocketPair<? extends ScmSocket> pair = kind.pair();
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

    /** A class of these tests with a main method, in another JVM. */
    static Child java(SocketKind kind, Class<?> main) throws IOException {
        String modules = System.getProperty("jdk.module.path");
        return start(
                kind,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Ddev.fdpass.parkingIdleMillis=20",
                        "--enable-native-access=dev.fdpass",
                        "-p",
                        modules,
                        "--patch-module",
                        "dev.fdpass.tube=" + testClasses(),
                        "-m",
                        "dev.fdpass.tube/" + main.getName()));
    }

    /** Where these tests are: their code source is the module that they are patched into. */
    private static String testClasses() {
        String name = "/" + Child.class.getName().replace('.', '/') + ".class";
        String found = String.valueOf(Child.class.getResource(name));
        return Path.of(URI.create(found.substring(0, found.length() - name.length())))
                .toString();
    }

    /** A program in Python, which has the socket as {@code peer}. Skips the test where Python is missing. */
    static Child python(String program) throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
        Assumptions.assumeTrue(installed, "python3 is not installed");
        String prologue = """
                import json, os, socket, struct, sys
                peer = socket.socket(fileno=3)
                """;
        return start(SocketKind.STREAM, List.of("python3", "-S", "-c", prologue + program));
    }

    ScmSocket socket() {
        return socket;
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Closes the socket, and asserts that the program ends well, having written this and nothing else. */
    void endsAfterSaying(String expected) throws IOException, InterruptedException {
        socket.close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
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
