package dev.fdpass.faults;

import dev.fdpass.ErrnoException;
import dev.fdpass.Received;

/** How an operation ended, in words that can be compared. */
final class Outcome {
    private Outcome() {}

    static String of(Worker.End end) {
        return end.failure() == null ? result(end.result()) : failure(end.failure());
    }

    private static String result(Object result) {
        return switch (result) {
            case null -> "done";
            case Received received when received.isEndOfStream() -> "the end";
            case Received received -> received.bytes() + " bytes, " + received.fdCount() + " descriptors";
            case AutoCloseable closeable -> closeable.getClass().getSimpleName();
            default -> result.toString();
        };
    }

    /** {@code "ConnectException connect ECONNREFUSED"}: the type, and what the system call said. */
    private static String failure(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getClass().getSimpleName());
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrnoException errno) {
                text.append(' ').append(firstWord(errno.call())).append(' ').append(errno.name());
                break;
            }
        }
        if (failure instanceof Error || failure instanceof NullPointerException) {
            text.append(": ").append(failure.getMessage());
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            text.append(", besides ").append(failure(suppressed));
        }
        return text.toString();
    }

    /** Without the file's name or the descriptor's number. */
    private static String firstWord(String call) {
        int end = 0;
        while (end < call.length() && (Character.isLetterOrDigit(call.charAt(end)) || call.charAt(end) == '_')) {
            end++;
        }
        return call.substring(0, end);
    }
}
