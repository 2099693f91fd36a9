package dev.fdpass.varlink;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The replies to a call with {@code more}, one after the other.
 *
 * <pre>{@code
 * try (Replies<Entry> entries = files.list(directory)) {
 *     for (var entry = entries.next(); entry.isPresent(); entry = entries.next()) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p><b>At a client</b>, {@link #next} waits for the next one. As long as there are more, the connection is busy with them and
 * other calls on it are refused. Varlink has no way to say that one does not want the rest: {@link #close} before the end
 * closes the connection.
 *
 * <p><b>At a service</b>, a method returns it and {@link #next} is asked for one after the other, on the thread of the connection.
 * When the client has gone, that thread is interrupted. Descriptors in what it gives are closed once they are sent.
 *
 * <p>If there are none at all, the answer is one reply without parameters.
 *
 * <p>For one thread at a time.
 *
 * @param <T> a record, or {@link Reply}
 */
public final class Replies<T> implements AutoCloseable {
    /**
     * Where the replies of a service come from.
     *
     * @param <T> a record
     */
    @FunctionalInterface
    public interface Source<T> {
        /**
         * Waits for the next one.
         *
         * @return a record, or empty if there are no more
         * @throws IOException if it fails, which is said to the client: a {@link VarlinkException} as it is
         * @throws InterruptedException if the client has gone
         */
        Optional<T> next() throws IOException, InterruptedException;

        /**
         * There will be no further call.
         *
         * @throws IOException if that fails
         */
        default void close() throws IOException {}
    }

    private final Source<T> source;
    private final boolean isOpenEnded;
    private boolean isClosed;

    private Replies(Source<T> source, boolean isOpenEnded) {
        this.source = source;
        this.isOpenEnded = isOpenEnded;
    }

    /**
     * Replies that are there already, or soon: the last one is sent as the last one, so each waits for the next one.
     *
     * @param source where they come from
     * @param <T> a record
     * @return the replies
     */
    public static <T> Replies<T> from(Source<T> source) {
        return new Replies<>(source, false);
    }

    /**
     * Replies that are there already, or soon, as with {@link #from}. Records with descriptors should be made when they are
     * asked for: those that are never asked for are nobody's.
     *
     * @param stream where they come from; it is closed
     * @param <T> a record
     * @return the replies
     */
    public static <T> Replies<T> of(Stream<? extends T> stream) {
        Iterator<? extends T> iterator = stream.iterator();
        return from(new Source<T>() {
            @Override
            public Optional<T> next() {
                return iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
            }

            @Override
            public void close() {
                stream.close();
            }
        });
    }

    /**
     * Replies each of which is sent at once, since nobody knows when the next one will be there. Should they end, that is said by
     * a last reply without parameters.
     *
     * @param source where they come from
     * @param <T> a record
     * @return the replies
     */
    public static <T> Replies<T> events(Source<T> source) {
        return new Replies<>(source, true);
    }

    /** {@return whether nobody knows when the next one comes} */
    boolean isOpenEnded() {
        return isOpenEnded;
    }

    /**
     * Waits for the next reply.
     *
     * @return it, or empty if there are no more
     * @throws VarlinkException if the service answers with an error, which is the last reply
     * @throws IOException if the connection fails
     */
    public Optional<T> next() throws IOException {
        if (isClosed) {
            return Optional.empty();
        }
        try {
            return source.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure = new InterruptedIOException("interrupted while waiting for the next reply");
            failure.initCause(e);
            throw failure;
        }
    }

    /** Ends it: see above. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            source.close();
        }
    }
}
