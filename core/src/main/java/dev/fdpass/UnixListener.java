package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
    /** Whether others may have set options on it, which its connections inherit. */
    private final boolean adopted;

    /**
     * One thread at a time polls and then accepts: accept4(2) cannot be told not to wait without changing the status
     * flags of the listener, which whoever shares it would notice.
     */
    private final ReentrantLock accepting = new ReentrantLock();

    UnixListener(OwnedFd fd, boolean adopted) {
        this.fd = fd;
        this.adopted = adopted;
    }

    abstract S connection(OwnedFd accepted, boolean mayHaveOptions);

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
        long nanos = Timeouts.nanos(timeout);
        return Objects.requireNonNull(accept(nanos));
    }

    /**
     * Accepts a connection that is there already.
     *
     * @return the connection, or empty if none is waiting, or another thread is about to take it
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public final Optional<S> tryAccept() throws IOException {
        return Optional.ofNullable(accept(Exchange.TRY));
    }

    private @Nullable S accept(long timeout) throws IOException {
        long deadline = timeout == Exchange.TRY ? System.nanoTime() : Exchange.deadline(timeout);
        Descriptor descriptor = fd.descriptor();
        int listener = timeout == Exchange.TRY ? descriptor.acquire() : descriptor.acquireToWait();
        boolean interrupted = false;
        try {
            if (!lock(timeout, deadline)) {
                return timedOut(timeout);
            }
            try {
                while (true) {
                    if (descriptor.await(POLLIN, deadline) == 0) {
                        return timedOut(timeout);
                    }
                    long accepted = Sockets.accept(listener);
                    if (accepted >= 0) {
                        return connection(
                                new OwnedFd((int) accepted, new Origin("accepted from listener fd", listener)), adopted);
                    }
                    // A connection may be gone again before it is accepted.
                    if (!Errno.EAGAIN.is(accepted)
                            && !Errno.EINTR.is(accepted)
                            && !Errno.ECONNABORTED.is(accepted)) {
                        throw Errors.of("accept4", accepted);
                    }
                }
            } finally {
                accepting.unlock();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            throw new ClosedByInterruptException();
        } finally {
            fd.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
                fd.close();
            }
        }
    }

    private boolean lock(long timeout, long deadline) throws InterruptedException {
        if (timeout == Exchange.TRY) {
            return accepting.tryLock();
        }
        if (deadline == Descriptor.NEVER) {
            accepting.lockInterruptibly();
            return true;
        }
        return accepting.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private @Nullable S timedOut(long timeout) throws IOException {
        if (timeout == Exchange.TRY) {
            return null;
        }
        throw Errors.timedOut("accept", timeout, 0);
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

    /** Closes the listener, wakes threads that wait, and removes the socket's file if it was made here. */
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

    static OwnedFd bind(int type, UnixAddress address, int backlog) throws IOException {
        OwnedFd fd = SocketSetup.open(type);
        try {
            SocketSetup.bind(fd, address);
            SocketSetup.listen(fd, backlog);
            return fd;
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }
}
