package dev.fdpass.cli;

import dev.fdpass.UnixAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The moment at which a command gives up, if it was told to. */
public final class Deadline {
    /** Who waits longer than this at a terminal is told what for. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    /** How often to look whether somebody listens by now: nothing tells. */
    private static final Duration RETRY = Duration.ofMillis(20);

    private final @Nullable Duration timeout;
    private final long end;

    private Deadline(@Nullable Duration timeout, long end) {
        this.timeout = timeout;
        this.end = end;
    }

    /**
     * Starts now.
     *
     * @param timeout how long, or null for ever
     * @return it
     */
    public static Deadline in(@Nullable Duration timeout) {
        // A hundred years are for ever, and do not overflow.
        long nanos = timeout == null || timeout.toDays() > 36_500 ? 0 : timeout.toNanos();
        return new Deadline(nanos == 0 ? null : timeout, System.nanoTime() + nanos);
    }

    /**
     * Something that can be waited for; zero is as long as it takes.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Attempt<T> {
        /** Waits for no longer than this. */
        T within(Duration longest) throws IOException;
    }

    /** Waits for something that can be waited for again: a timeout loses nothing. */
    public <T> T await(String what, Attempt<T> attempt) throws IOException {
        Duration left = left(what);
        if ((left.isZero() || left.compareTo(QUIET) > 0) && Terminal.isWatched()) {
            try {
                return attempt.within(QUIET);
            } catch (SocketTimeoutException e) {
                Failures.tell("waiting for " + what);
            }
        }
        return once(what, attempt);
    }

    /** Waits for something that must not be tried twice. */
    public <T> T once(String what, Attempt<T> attempt) throws IOException {
        try {
            return attempt.within(left(what));
        } catch (SocketTimeoutException e) {
            throw over(what);
        }
    }

    /**
     * As {@link #once}, and if there is a time limit, tries again within it as long as nobody listens. Tries once even if the
     * time is over already, or a busy machine would be told nothing of whether somebody does.
     */
    public <T> T onceSomebodyListens(UnixAddress address, String what, Attempt<T> attempt) throws IOException {
        try {
            return attempt.within(timeout == null ? Duration.ZERO : Duration.ofNanos(Math.max(1, nanosLeft())));
        } catch (SocketTimeoutException e) {
            throw over(what);
        } catch (ConnectException e) {
            if (timeout == null) {
                throw e;
            }
        }
        while (true) {
            pause();
            try {
                return once("somebody who listens at " + address, attempt);
            } catch (ConnectException e) {
                // Nobody does yet.
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private Duration left(String what) throws SocketTimeoutException {
        if (timeout == null) {
            return Duration.ZERO;
        }
        long nanos = nanosLeft();
        if (nanos <= 0) {
            throw over(what);
        }
        return Duration.ofNanos(nanos);
    }

    private long nanosLeft() {
        return end - System.nanoTime();
    }

    private SocketTimeoutException over(String what) {
        return new SocketTimeoutException("timed out after " + text() + ", waiting for " + what);
    }

    private String text() {
        if (timeout == null) {
            return "a while";
        }
        return timeout.toMillisPart() == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }
}
