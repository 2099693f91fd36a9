package dev.fdpass.strace;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/**
 * One of two programs that talk to each other while their system calls fail: a class with a main method that calls
 * {@link #run}. It says that it is ready, and then how each of the exchanges that it is asked for ended. It also closes numbers
 * that it is told.
 */
public final class PeerProgram {
    /** What it says first. */
    static final String READY = "ready";

    private PeerProgram() {}

    /** What answers. */
    public interface Answering {
        /**
         * Begins to listen.
         *
         * @param address the name of a file
         */
        void listen(String address) throws Exception;
    }

    /** What asks. */
    public interface Asking {
        /**
         * Connects, asks for something, and closes whatever it got.
         *
         * @param address the name of a file
         * @return what came back, in words that are always the same
         */
        String exchange(String address) throws Exception;
    }

    /** Runs until its input ends. */
    public static void run(String[] arguments, Answering answering, Asking asking) throws Exception {
        PrintStream out = new PrintStream(System.out, false, UTF_8);
        System.setOut(System.err); // the protocol's stream is nobody else's
        String address = arguments[1];
        if (Side.valueOf(arguments[0]) == Side.ANSWERING) {
            answering.listen(address);
        }
        out.println(READY);
        out.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(line.isEmpty() ? outcome(asking, address) : close(Integer.parseInt(line)));
            out.flush();
        }
        System.exit(0);
    }

    private static String outcome(Asking asking, String address) {
        try {
            return asking.exchange(address);
        } catch (Throwable t) {
            return describe(t);
        }
    }

    /** Closes a number that is nobody's any more, because closing it has failed. */
    @SuppressWarnings("restricted")
    private static String close(int number) {
        Linker linker = Linker.nativeLinker();
        try {
            return ""
                    + (int) linker.downcallHandle(
                                    linker.defaultLookup().findOrThrow("close"),
                                    FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                            .invokeExact(number);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** {@code "IOException, recvmsg: ENOMEM"}: the type, and what the system call said. */
    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getClass().getSimpleName());
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getSimpleName().equals("ErrnoException")) {
                text.append(", ").append(firstWords(cause));
                break;
            }
        }
        if (failure instanceof Error || failure instanceof RuntimeException) {
            text.append(": ").append(failure.getMessage());
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            text.append(", besides ").append(describe(suppressed));
        }
        return text.toString().replaceAll("\\s+", " ");
    }

    /** Without the explanation of the error, and which descriptor. */
    private static String firstWords(Throwable errno) {
        String message = String.valueOf(errno.getMessage());
        int end = message.indexOf(" (");
        return (end < 0 ? message : message.substring(0, end)).replaceAll(" (\\d+|/\\S*):", ":");
    }
}
