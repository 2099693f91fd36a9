package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A process that nobody here wrote, at the other end of a stream socket: a Python script that has it as {@code peer}. */
public final class PythonPeer implements AutoCloseable {
    private static final String PROLOGUE = """
            import array, os, socket, struct, sys
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            peer.connect("\\0" + sys.argv[1])
            """;

    private final Process process;
    private final UnixStream socket;

    private PythonPeer(Process process, UnixStream socket) {
        this.process = process;
        this.socket = socket;
    }

    public static PythonPeer start(String script, String... arguments) throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            String name = listener.localAddress().toString().substring(1);
            List<String> command = new ArrayList<>(List.of("python3", "-c", PROLOGUE + script, name));
            command.addAll(List.of(arguments));
            Process process;
            try {
                process = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException e) {
                Assumptions.abort("python3 is not installed: " + e.getMessage());
                throw e;
            }
            return new PythonPeer(process, listener.accept(java.time.Duration.ofSeconds(20)));
        }
    }

    public UnixStream socket() {
        return socket;
    }

    public long pid() {
        return process.pid();
    }

    /** Ends the script's standard input, for which it may wait. */
    public void goOn() throws IOException {
        process.getOutputStream().close();
    }

    /** Lets the script go on, and asserts that it ends well. */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            assertThat(process.waitFor(20, TimeUnit.SECONDS))
                    .as("the script ends")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        process.getInputStream().close();
        process.getOutputStream().close();
        process.getErrorStream().close();
        assertThat(process.exitValue()).as("exit status of the script").isZero();
    }
}
