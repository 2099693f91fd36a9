package dev.fdpass;

import java.io.IOException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A socket that accepts connections.
 *
 * <p>Safe for use by several threads. {@link #close} wakes those that wait; it also removes the socket's file, if this
 * object made it and it is still the same. Where another process accepts from the same listener, a thread here that lost
 * the race for a connection may wait in the kernel for the next one, and only then notice a close.
 *
 * <p>Man pages: {@code listen(2)}, {@code accept(2)}, {@code unix(7)}.
 *
 * @param <S> the type of its connections
 */
public abstract sealed class UnixListener<S extends ScmSocket> implements InterruptibleChannel, AsFd
        permits UnixStreamListener, UnixSeqpacketListener {
    /** As many connections as the system lets wait, {@code /proc/sys/net/core/somaxconn} at most. */
    static final int DEFAULT_BACKLOG = 4096;

    private final OwnedFd fd;
    /** Whether its connections may inherit options, besides those that one of its views has set. */
    private final boolean mayHaveOptions;

    private final Acceptor acceptor;

    UnixListener(OwnedFd fd, boolean mayHaveOptions) {
        this.fd = fd;
        this.mayHaveOptions = mayHaveOptions;
        acceptor = new Acceptor(fd);
    }

    abstract S connection(OwnedFd accepted, boolean mayHaveOptions) throws IOException;

    /**
     * Waits for a connection as long as it takes.
     *
     * @return the connection
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public final S accept() throws IOException {
        return accept(Duration.ZERO);
    }

    /**
     * Waits for a connection.
     *
     * @param timeout how long at most; zero for as long as it takes
     * @return the connection
     * @throws java.net.SocketTimeoutException if none came
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public final S accept(Duration timeout) throws IOException {
        return connection(acceptor.accept(timeout));
    }

    /**
     * Accepts a connection that is there already.
     *
     * @return the connection, or empty if none is waiting, or another thread is about to take it
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public final Optional<S> tryAccept() throws IOException {
        OwnedFd accepted = acceptor.tryAccept();
        return accepted == null ? Optional.empty() : Optional.of(connection(accepted));
    }

    private S connection(OwnedFd accepted) throws IOException {
        try {
            // Those that were queued before these were set do not have them (up to Linux 6.15 they never had what is
            // off).
            Set<ScmOption> set = fd.listenerOptions();
            for (ScmOption option : set) {
                option.apply(accepted, option.get(fd));
            }
            return connection(accepted, mayHaveOptions || !set.isEmpty());
        } catch (Throwable t) {
            accepted.closeBecauseOf(t);
            throw t;
        }
    }

    /**
     * Switches on or off what the kernel delivers with each message of connections that are accepted from now on. Who
     * connects from now on has it from the beginning; who waits to be accepted already gets it when he is accepted, and
     * descriptors that he sent before {@link ScmOption#SO_PASSRIGHTS} was off still arrive. To leave no such moment, give
     * options to {@code bind}.
     *
     * @param option which; not {@link ScmOption#SO_TIMESTAMPNS}, which connections do not inherit
     * @param on whether
     * @throws UnsupportedOperationException if the kernel has no such option, or it is not inherited
     * @throws IOException if the listener is closed
     */
    public final void setOption(ScmOption option, boolean on) throws IOException {
        checkInherited(option);
        boolean unused = option.get(fd); // throws if the kernel does not have it
        fd.addListenerOption(option); // first: a connection that is accepted meanwhile may have it
        option.apply(fd, on);
    }

    private static void checkInherited(ScmOption option) {
        if (option == ScmOption.SO_TIMESTAMPNS) {
            throw new UnsupportedOperationException(
                    "connections do not inherit " + option + " from their listener; set it on each connection");
        }
    }

    /**
     * Whether an option is on.
     *
     * @param option which
     * @return what the kernel says now
     * @throws UnsupportedOperationException if the kernel has no such option
     * @throws IOException if the listener is closed
     */
    public final boolean getOption(ScmOption option) throws IOException {
        return option.get(fd);
    }

    /** {@return the address that this listener is bound to}
     *
     * @throws IOException if it is closed
     */
    public final UnixAddress localAddress() throws IOException {
        return fd.use(SocketSetup::localAddress);
    }

    /** {@return the descriptor behind this listener} */
    @Override
    public final OwnedFd asFd() {
        return fd;
    }

    @Override
    public final boolean isOpen() {
        return fd.isOpen();
    }

    /**
     * Closes the listener, wakes threads that wait, and removes the socket's file if it was made here. A file that cannot
     * be removed stays, without a word.
     *
     * @throws IOException if {@code close(2)} reports an error; it is closed nevertheless
     */
    @Override
    public final void close() throws IOException {
        fd.close();
    }

    /** The type, the number and the address. */
    @Override
    public final String toString() {
        try {
            return getClass().getSimpleName() + "[fd " + fd.number() + ", " + localAddress() + "]";
        } catch (IOException e) {
            return getClass().getSimpleName() + "[fd " + fd.number() + ", closed]";
        }
    }

    static OwnedFd bind(int type, UnixAddress address, int backlog, Map<ScmOption, Boolean> options)
            throws IOException {
        ScmOption.check(options);
        options.keySet().forEach(UnixListener::checkInherited);
        OwnedFd fd = SocketSetup.open(type);
        try {
            ScmOption.apply(fd, options);
            SocketSetup.bind(fd, address);
            SocketSetup.listen(fd, backlog);
            return fd;
        } catch (Throwable t) {
            fd.closeBecauseOf(t);
            throw t;
        }
    }
}
