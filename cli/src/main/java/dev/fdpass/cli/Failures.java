package dev.fdpass.cli;

import dev.fdpass.ErrnoException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What a failure means to the caller: a line on standard error, and the status. */
public final class Failures {
    static final int OTHER = 1;
    static final int USAGE = 2;
    static final int TIMED_OUT = 3;
    static final int SYSTEM = 4;

    private Failures() {}

    /** It failed while it ran: says why, and gives the status. */
    static int report(Exception failure) {
        if (System.getenv("FDPASS_TRACE") != null) {
            failure.printStackTrace();
        }
        if (failure instanceof OutputClosedException) {
            return OTHER; // as when a program is ended by SIGPIPE: nobody is there to be told
        }
        if (!Ending.hasBegun()) {
            tell(line(failure));
        }
        if (failure instanceof SocketTimeoutException) {
            return TIMED_OUT;
        }
        return failure instanceof IOException ? SYSTEM : OTHER;
    }

    /** What it says. */
    public static String line(Exception failure) {
        // The standard exceptions of NIO say no more than a path; their cause says what happened to it.
        Throwable telling = failure.getCause() instanceof ErrnoException cause ? cause : failure;
        String message = telling.getMessage();
        return switch (telling) {
            case NoSuchFileException e when e.getReason() == null -> message + ": there is no such file";
            case AccessDeniedException e when e.getReason() == null -> message + ": permission denied";
            default -> message == null ? telling.toString() : message;
        };
    }

    /** Says one line on standard error. */
    public static void tell(String line) {
        System.err.println("fdpass: " + Printable.of(line));
    }
}
