package dev.fdpass.examples.hotrestart.service;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An HTTP server whose connections can be taken out while they are open, with all that was read of them and not answered, and
 * put into another. Safe for use by several threads, but for {@link #release} and {@link #keep}, which belong to one.
 */
public interface Service extends AutoCloseable {
    /**
     * Accepts connections, until {@link #stopAccepting}, and serves them.
     *
     * @param listener a listening TCP socket, borrowed: the service has its own descriptor for it
     * @throws IOException if it cannot
     */
    void accept(OwnedFd listener) throws IOException;

    /**
     * Accepts no more. What was accepted is served; what is not stays in the queue of the socket, which goes on listening if
     * anybody else has it.
     *
     * @throws IOException if it cannot
     */
    void stopAccepting() throws IOException;

    /**
     * Makes a connection ready to be served, without reading of it yet.
     *
     * @param parcel the connection; taken on success, on any error still the caller's
     * @return what serves it once it is told to
     * @throws IOException if it cannot
     */
    Newcomer prepare(Parcel parcel) throws IOException;

    /**
     * Serves a connection that has left although all are to stay by now; closes it, and says so, if it cannot.
     *
     * @param parcel the connection, taken
     */
    default void comeBack(Parcel parcel) {
        try {
            prepare(parcel).start();
        } catch (IOException | RuntimeException e) {
            Log.say("a connection is lost: " + e);
            parcel.close();
        }
    }

    /** A connection that is ready to be served. One of the two is to be called, once. */
    interface Newcomer {
        /** Serves it, beginning with what was read of it already. */
        void start();

        /** Closes it. */
        void close();
    }

    /**
     * Takes one connection out: one that waits for a request, or for the rest of it, at once; one that is being answered once
     * the answer is out. Nothing is read of it here any more.
     *
     * @param patience how long to wait, since the last of all was asked to leave, for those being answered
     * @return the connection, the caller's; empty if there are no more, or none was answered in time
     * @throws InterruptedException if the thread is interrupted
     */
    Optional<Parcel> release(Duration patience) throws InterruptedException;

    /** After some were taken out: the others stay, and those that were leaving come back. */
    void keep();

    /** {@return connections that are served here} */
    int connections();

    /** Closes everything. */
    @Override
    void close() throws IOException;
}
