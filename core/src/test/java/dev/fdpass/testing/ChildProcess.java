package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another process, which a test gives its input, waits for, and asks what it said. It ends with the test. */
public final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final CompletableFuture<String> output;
    private final CompletableFuture<String> errors;

    private ChildProcess(Process process) {
        this.process = process;
        output = CompletableFuture.supplyAsync(() -> all(process.getInputStream()), Thread::startVirtualThread);
        errors = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()), Thread::startVirtualThread);
    }

    /**
     * How a process ended.
     *
     * @param status its exit status
     * @param output what it wrote to standard output
     * @param errors what it wrote to standard error
     */
    public record Result(int status, String output, String errors) {
        /** The output of a process that succeeded; fails the test for one that did not. */
        public String outputOfSuccess() {
            if (status != 0) {
                throw new AssertionError("exit status " + status + "\n" + output + errors);
            }
            return output;
        }
    }

    /** Starts a process without input. */
    public static ChildProcess start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        return new ChildProcess(process);
    }

    /** Its number, by which {@code /proc} knows it. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Runs a process to its end. */
    public static Result run(List<String> command) throws IOException, InterruptedException {
        try (ChildProcess child = start(command)) {
            return child.await();
        }
    }

    /** Waits until it has ended. */
    public Result await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError(
                    "still running after " + PATIENCE_SECONDS + " s: " + output.join() + errors.join());
        }
        return new Result(process.exitValue(), output.join(), errors.join());
    }

    /** Ends it, if it has not ended by itself. */
    @Override
    public void close() {
        kill();
        process.onExit().join();
        output.join();
        errors.join();
    }

    /** Through its handle: {@link Process#destroyForcibly} closes the streams under those who read them. */
    private void kill() {
        process.toHandle().destroyForcibly();
    }

    private static String all(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
