package dev.fdpass.testing;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.time.Duration;

/** A process that nobody here wrote, at the other end of a stream socket: a Python script that has it as {@code peer}. */
public final class PythonPeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PROLOGUE = """
            import array, os, socket, struct, sys
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            peer.connect("\\0" + sys.argv[1])
            """;

    private final ChildProcess process;
    private final UnixStream socket;
    private volatile boolean isKilled;

    private PythonPeer(ChildProcess process, UnixStream socket) {
        this.process = process;
        this.socket = socket;
    }

    /** Starts a script; {@code arguments} are its {@code sys.argv[2:]}. Skips the test where Python is missing. */
    public static PythonPeer start(String script, Object... arguments) throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            Object[] all = new Object[arguments.length + 1];
            all[0] = listener.localAddress().toString().substring(1);
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            ChildProcess process = ChildProcess.startWithInput(Python.command(PROLOGUE + script, all));
            try {
                return new PythonPeer(process, listener.accept(PATIENCE));
            } catch (Throwable t) {
                process.close();
                throw t;
            }
        }
    }

    /** This end of the connection, for whoever takes it over. */
    public UnixStream socket() {
        return socket;
    }

    /** The number of the process. */
    public long pid() {
        return process.pid();
    }

    /** Ends the script's standard input, for which it may wait. */
    public void goOn() throws IOException {
        process.endInput();
    }

    /** Ends the script wherever it is; then it need not end well. */
    public void kill() {
        isKilled = true;
        process.kill();
    }

    /** Waits until the script has ended, asserts that it ended well, and gives what it wrote to its standard output. */
    public String awaitSuccess() throws InterruptedException {
        return process.await().outputOfSuccess();
    }

    /** Closes this end of the connection, and asserts that the script ends well, unless it was killed. */
    @Override
    public void close() throws IOException {
        try (process) {
            socket.close();
            if (!isKilled) {
                awaitSuccess();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
