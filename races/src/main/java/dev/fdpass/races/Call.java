package dev.fdpass.races;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/** What a call came to, in one word. */
final class Call {
    static final String CLEAN = "clean";

    private Call() {}

    /** Something that a thread tries. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** What {@code attempt} returned; {@code "refused"} and the like for what a loser may get; else the exception. */
    static String outcome(Attempt<String> attempt) {
        try {
            return attempt.run();
        } catch (ClosedByInterruptException e) {
            return "interrupted";
        } catch (AsynchronousCloseException e) {
            return "woken";
        } catch (ClosedChannelException e) {
            return "refused";
        } catch (IllegalStateException e) {
            return word(e);
        } catch (IndexOutOfBoundsException e) {
            return "none";
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    private static String word(IllegalStateException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("in use by another thread")
                ? "busy"
                : message.contains("is closed")
                        ? "refused"
                        : message.contains("taken already") ? "taken" : e.toString();
    }

    /** For the setting of a race, where nothing may fail. */
    static <T> T unchecked(Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of {@code verdicts} that is not {@code "clean"}. */
    static String worst(String... verdicts) {
        for (String verdict : verdicts) {
            if (!verdict.equals(CLEAN)) {
                return verdict;
            }
        }
        return CLEAN;
    }
}
