package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.waiting.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process, which a test gives its input, waits for, and asks what it said. It ends with the test. */
public final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;

    private final Process process;
    private final Words output;
    private final Words errors;

    private ChildProcess(Process process) {
        this.process = process;
        output = new Words(process.getInputStream());
        errors = new Words(process.getErrorStream());
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
        ChildProcess child = startWithInput(command);
        child.endInput();
        return child;
    }

    /** Starts a process whose input does not end until {@link #endInput}. */
    public static ChildProcess startWithInput(List<String> command) throws IOException {
        return new ChildProcess(new ProcessBuilder(command).start());
    }

    /** Runs a process to its end. */
    public static Result run(List<String> command) throws IOException, InterruptedException {
        try (ChildProcess child = start(command)) {
            return child.await();
        }
    }

    /** Its number, by which {@code /proc} knows it. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends its standard input, for which it may wait. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits until its standard output begins with {@code text}. */
    public void awaitOutput(String text) {
        Waiting.soon(() -> output.soFar().startsWith(text) || output.isEnded());
        if (!output.soFar().startsWith(text)) {
            throw new AssertionError("instead of " + text + " it said: " + output.soFar() + errors.soFar());
        }
    }

    /** Connects to it as soon as it listens. */
    public <T> T connect(Waiting.Attempt<T> attempt) throws IOException {
        try {
            return Waiting.untilListening(process::isAlive, attempt);
        } catch (ConnectException e) {
            throw new AssertionError("nobody listens; it said: " + output.soFar() + errors.soFar(), e);
        }
    }

    /** Waits until it has ended. */
    public Result await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("still running after " + PATIENCE_SECONDS + " s: " + output.all() + errors.all());
        }
        return new Result(process.exitValue(), output.all(), errors.all());
    }

    /** Ends it, if it has not ended by itself. */
    @Override
    public void close() {
        kill();
        process.onExit().join();
        output.all();
        errors.all();
        try {
            endInput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends it; through its handle: {@link Process#destroyForcibly} closes the streams under those who read them. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** What it writes, read while it does. */
    private static final class Words {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;

        Words(InputStream stream) {
            reader = Thread.ofPlatform().daemon().start(() -> {
                try (stream) {
                    stream.transferTo(bytes);
                } catch (IOException e) {
                    bytes.writeBytes(e.toString().getBytes(UTF_8));
                }
            });
        }

        String soFar() {
            return bytes.toString(UTF_8);
        }

        boolean isEnded() {
            return !reader.isAlive();
        }

        String all() {
            try {
                reader.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return soFar();
        }
    }
}
