package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Accepts connections from one listening socket, of whatever family. */
final class Acceptor {
    private final OwnedFd listener;

    /**
     * One thread at a time polls and then accepts: accept4(2) cannot be told not to wait without changing the status
     * flags of the listener, which whoever shares it would notice.
     */
    private final ReentrantLock accepting = new ReentrantLock();

    Acceptor(OwnedFd listener) {
        this.listener = listener;
    }

    /** Waits for a connection; zero for as long as it takes. */
    OwnedFd accept(Duration timeout) throws IOException {
        return Objects.requireNonNull(accept(Timeouts.nanos(timeout)));
    }

    /** Accepts a connection that is there already; null if none is, or another thread is about to take it. */
    @Nullable
    OwnedFd tryAccept() throws IOException {
        return accept(Exchange.TRY);
    }

    private @Nullable OwnedFd accept(long timeout) throws IOException {
        long deadline = timeout == Exchange.TRY ? System.nanoTime() : Exchange.deadline(timeout);
        Descriptor descriptor = listener.descriptor();
        int number = timeout == Exchange.TRY ? descriptor.acquire() : descriptor.acquireToWait();
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
                    long accepted = Sockets.accept(number);
                    if (accepted >= 0) {
                        return OwnedFd.ofNew((int) accepted, "accepted from listener fd", number);
                    }
                    if (!isOfOneConnection(accepted)) {
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
            listener.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
                listener.close();
            }
        }
    }

    /** A connection may be gone again before it is accepted; that says nothing about the next one. */
    private static boolean isOfOneConnection(long result) {
        return Errno.EAGAIN.is(result)
                || Errno.EINTR.is(result)
                || Errno.ECONNABORTED.is(result)
                || Errno.EPROTO.is(result);
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

    private static @Nullable OwnedFd timedOut(long timeout) throws IOException {
        if (timeout == Exchange.TRY) {
            return null;
        }
        throw Errors.timedOut("accept", timeout, 0);
    }
}
