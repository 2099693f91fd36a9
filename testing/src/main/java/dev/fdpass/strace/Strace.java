package dev.fdpass.strace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code strace(1)}, attached to one thread of another process: it writes down system calls, and tampers with some. */
public final class Strace implements AutoCloseable {
    private static final String NAME = "strace";

    private final Process process;
    private final Path log;

    private Strace(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Whether it is on the {@code PATH}. */
    public static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, NAME)));
    }

    /**
     * Attaches.
     *
     * @param thread of whatever process
     * @param calls the names of the calls to write down
     * @param injections as {@code -e inject=} takes them
     * @throws NotAllowedException if the system forbids it
     */
    public static Strace attach(int thread, Path log, List<String> calls, List<String> injections)
            throws IOException, NotAllowedException {
        return start(List.of(NAME, "-p", "" + thread), log, calls, injections);
    }

    /** Attaches to all threads of a process, those that it is going to start included. */
    public static Strace attachToAll(long process, Path log, List<String> calls, List<String> injections)
            throws IOException, NotAllowedException {
        return start(List.of(NAME, "-f", "-p", "" + process), log, calls, injections);
    }

    private static Strace start(List<String> target, Path log, List<String> calls, List<String> injections)
            throws IOException, NotAllowedException {
        List<String> command = new ArrayList<>(target);
        command.addAll(List.of("-o", log.toString(), "-a", "1"));
        command.addAll(List.of("-e", "signal=none", "-e", "trace=" + String.join(",", calls)));
        for (String injection : injections) {
            command.addAll(List.of("-e", "inject=" + injection));
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        Strace strace = new Strace(process, log);
        String first = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8)).readLine();
        if (first == null || !first.contains(" attached")) {
            strace.close();
            if (first != null && first.contains("not permitted")) {
                throw new NotAllowedException(first);
            }
            throw new IOException("strace says: " + first);
        }
        return strace;
    }

    /** Another process may not be traced here. */
    public static final class NotAllowedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotAllowedException(String message) {
            super(message);
        }
    }

    /** What has been written down up to now, a line a call; the last one may be there in part. */
    List<String> soFar() throws IOException {
        return Files.readAllLines(log);
    }

    /** Lets go of the thread; gives what was written down, a line a call. */
    public List<String> detach() throws IOException {
        close();
        return soFar();
    }

    @Override
    public void close() {
        process.destroy(); // a request, after which it detaches
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("strace ends").isTrue();
            process.getErrorStream().close();
        } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
