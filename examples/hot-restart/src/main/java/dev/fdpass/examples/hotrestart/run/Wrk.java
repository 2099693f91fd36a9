package dev.fdpass.examples.hotrestart.run;

import dev.fdpass.Signal;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** A running wrk: the load, on connections that stay open. */
final class Wrk implements AutoCloseable {
    /** Of a run that nobody stops. */
    private static final long MOST_SECONDS = 24 * 3600;

    private static final long PATIENCE_SECONDS = 60;
    private static final String CAUGHT = "SigCgt:";
    private static final long SIGINT_BIT = 1 << (2 - 1);

    private final Path script;
    private final SpawnedProcess process;
    private final Thread atExit = Thread.ofPlatform().unstarted(this::kill);
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
     * Starts it. It ends with this process; if that is killed, it ends when it finds that nobody reads what it says, or after
     * its longest time.
     *
     * @param longest how long it runs if it is not stopped; rounded up to seconds, at most a day
     * @param sent told now and then how many requests were sent
     */
    static Wrk start(int port, Load load, Duration longest, LongConsumer sent) throws IOException {
        Path script = Files.createTempFile("hot-restart-", ".lua");
        try {
            try (InputStream text = Objects.requireNonNull(Wrk.class.getResourceAsStream("wrk.lua"))) {
                Files.write(script, text.readAllBytes());
            }
            List<String> command = List.of(
                    "wrk",
                    "--threads=1",
                    "--connections=" + load.connections(),
                    "--duration=" + Math.min(MOST_SECONDS, longest.toSeconds() + 1),
                    "--script=" + script,
                    "--timeout=" + load.lateSeconds() + "s",
                    "http://127.0.0.1:" + port + "/",
                    "--",
                    Integer.toString(load.thinkMillis()));
            Wrk wrk = new Wrk(script, Spawn.of(command).inheritIo().stdoutPipe().start());
            wrk.killAtExit();
            Thread.ofVirtual().start(() -> wrk.read(sent));
            return wrk;
        } catch (Throwable t) {
            Files.deleteIfExists(script);
            throw t;
        }
    }

    private void killAtExit() throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) { // it ends right now
            kill();
            throw new IOException("interrupted", e);
        }
    }

    private void kill() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** Returns when it catches the signal, which would just end it before: it sends its first requests a moment earlier. */
    private void awaitHandler() throws InterruptedException, TimeoutException {
        long begin = System.nanoTime();
        while (process.isAlive() && !catchesSigint()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new TimeoutException("it does not catch SIGINT");
            }
            Thread.sleep(1);
        }
    }

    /** What {@code SigCgt} of {@code proc_pid_status(5)} says. */
    private boolean catchesSigint() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith(CAUGHT))
                    .anyMatch(line -> (Long.parseUnsignedLong(
                                            line.substring(CAUGHT.length()).strip(), 16)
                                    & SIGINT_BIT)
                            != 0);
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    /** Ends it, and waits for what it has counted. */
    WrkResult stop() throws IOException, InterruptedException {
        try {
            awaitHandler();
            process.sendSignal(Signal.SIGINT); // it stops, and reports
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("wrk does not end", e);
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // it ends right now, and the hook finds nothing more to do
        }
    }
}
