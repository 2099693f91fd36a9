package dev.fdpass.cli.demo;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Ending;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The second process: this same program, started as this one was, with other arguments. */
final class PeerProcess implements Closeable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private boolean abandoned;

    private PeerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param ownArguments how many of the words of this process's command line are arguments of the program, not of Java
     * @param addresses where it finds this process, in the order of {@link dev.fdpass.cli.SocketType}
     */
    static PeerProcess start(int ownArguments, List<UnixAddress> addresses) throws IOException {
        List<String> command = ownCommand(ownArguments);
        command.add("demo-peer");
        for (UnixAddress address : addresses) {
            command.add(address.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Ending.closes(process::destroy);
        return new PeerProcess(process);
    }

    /** How this process was started, to the last option of Java; {@code ProcessHandle} knows only the first 4096 bytes. */
    private static List<String> ownCommand(int ownArguments) throws IOException {
        String line = Files.readString(
                Path.of("/proc/self/cmdline"), Charset.forName(System.getProperty("sun.jnu.encoding")));
        String[] words = line.split("\0", -1); // the last one is empty: every word ends with a NUL
        List<String> command = new ArrayList<>(List.of(words).subList(0, words.length - 1 - ownArguments));
        command.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
        return command;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it, whatever it does. */
    void abandon() {
        abandoned = true;
        process.destroyForcibly();
    }

    /** Waits until it has ended by itself; ends it if it does not. */
    @Override
    public void close() throws IOException {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                abandon();
                throw new IOException("the other process did not end");
            }
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
        }
        if (!abandoned && process.exitValue() != 0) {
            throw new IOException("the other process ended with status " + process.exitValue());
        }
    }
}
