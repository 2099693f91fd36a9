package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SO_ACCEPTCONN;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketOptions;
import java.io.IOException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * A listening socket of any family, mostly TCP, that another process opened: received from the predecessor of a server,
 * or inherited at start. It accepts connections as {@link OwnedFd}s, which are channels.
 *
 * <pre>{@code
 * try (var listener = ListeningSocket.adopt(received.takeFd(0));
 *         OwnedFd connection = listener.accept()) {
 *     connection.write(ByteBuffer.wrap(greeting));
 * }
 * }</pre>
 *
 * <p>For Unix-domain sockets {@link UnixStreamListener} and {@link UnixSeqpacketListener} are better: their connections
 * pass descriptors, and do not allow the plain reads and writes that would lose some.
 *
 * <p>Safe for use by several threads. {@link #close} wakes those that wait
 * ({@link java.nio.channels.AsynchronousCloseException}), and an interrupt closes the listener
 * ({@link java.nio.channels.ClosedByInterruptException}). Where another process accepts from the same listener, a thread
 * here that lost the race for a connection may wait in the kernel for the next one, and only then notice a close. Man
 * pages: {@code accept(2)}, {@code tcp(7)}.
 */
public final class ListeningSocket implements InterruptibleChannel, AsFd {
    private final OwnedFd fd;
    private final Acceptor acceptor;

    private ListeningSocket(OwnedFd fd) {
        this.fd = fd;
        acceptor = new Acceptor(fd);
    }

    /**
     * Uses a descriptor, perhaps a received or inherited one, as a listener. The listener is another view of the same
     * owner: closing either closes both.
     *
     * @param fd a socket of any family that listens; on an error it stays open and yours
     * @return the listener
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static ListeningSocket adopt(OwnedFd fd) throws IOException {
        long listens = fd.use(number -> SocketOptions.get(number, SO_ACCEPTCONN));
        if (!Errno.ENOTSOCK.is(listens) && Errors.check("getsockopt(SO_ACCEPTCONN)", listens) > 0) {
            return new ListeningSocket(fd);
        }
        throw new IllegalArgumentException(fd + " is no listening socket");
    }

    /**
     * Waits for a connection as long as it takes.
     *
     * @return the connection, close-on-exec, to be closed by the caller
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public OwnedFd accept() throws IOException {
        return accept(Duration.ZERO);
    }

    /**
     * Waits for a connection.
     *
     * @param timeout how long at most; zero for as long as it takes
     * @return the connection, close-on-exec, to be closed by the caller
     * @throws java.net.SocketTimeoutException if none came
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public OwnedFd accept(Duration timeout) throws IOException {
        return acceptor.accept(timeout);
    }

    /**
     * Accepts a connection that is there already.
     *
     * @return the connection, or empty if none is waiting, or another thread is about to take it
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public Optional<OwnedFd> tryAccept() throws IOException {
        return Optional.ofNullable(acceptor.tryAccept());
    }

    /** {@return the descriptor behind this listener} */
    @Override
    public OwnedFd asFd() {
        return fd;
    }

    @Override
    public boolean isOpen() {
        return fd.isOpen();
    }

    /** Closes the listener and wakes threads that wait. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return "ListeningSocket[" + fd + "]";
    }
}
