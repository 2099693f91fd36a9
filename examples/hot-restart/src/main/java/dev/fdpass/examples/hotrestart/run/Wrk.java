package dev.fdpass.examples.hotrestart.run;

import dev.fdpass.Signal;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** A running wrk: the load, on connections that stay open. */
final class Wrk implements AutoCloseable {
    private static final int LONG_ENOUGH_SECONDS = 24 * 3600;
    private static final long PATIENCE_SECONDS = 30;

    private final Path script;
    private final SpawnedProcess process;
    private final CompletableFuture<WrkResult> result = new CompletableFuture<>();

    private Wrk(Path script, SpawnedProcess process) {
        this.script = script;
        this.process = process;
    }

    /** Whether there is such a program on the PATH. */
    static boolean isThere() {
        for (String folder :
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "wrk"))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Starts it.
     *
     * @param sent told now and then how many requests were sent
     */
    static Wrk start(int port, Load load, LongConsumer sent) throws IOException {
        Path script = Files.createTempFile("hot-restart-", ".lua");
        try {
            try (InputStream text = Objects.requireNonNull(Wrk.class.getResourceAsStream("wrk.lua"))) {
                Files.write(script, text.readAllBytes());
            }
            List<String> command = List.of(
                    "wrk",
                    "--threads=1",
                    "--connections=" + load.connections(),
                    "--duration=" + LONG_ENOUGH_SECONDS,
                    "--script=" + script,
                    "http://127.0.0.1:" + port + "/",
                    "--",
                    Integer.toString(load.thinkMillis()));
            Wrk wrk = new Wrk(script, Spawn.of(command).inheritIo().stdoutPipe().start());
            Thread.ofVirtual().start(() -> wrk.read(sent));
            return wrk;
        } catch (Throwable t) {
            Files.delete(script);
            throw t;
        }
    }

    private void read(LongConsumer sent) {
        StringBuilder other = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith("sent ")) {
                    sent.accept(Long.parseLong(line.substring("sent ".length())));
                } else if (line.startsWith("result ")) {
                    result.complete(WrkResult.parse(line));
                } else {
                    other.append(line).append('\n');
                }
            }
            result.completeExceptionally(new IOException("wrk ended without a result: " + other));
        } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** Fails if it has ended by itself. */
    void checkRuns() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("wrk ended by itself, with status " + process.exitValue());
        }
    }

    /** Ends it, and waits for what it has counted. */
    WrkResult stop() throws IOException, InterruptedException {
        process.sendSignal(Signal.SIGINT); // it stops, and reports
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("wrk does not end", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(script);
    }
}
