package dev.fdpass.frame;

import dev.fdpass.ScmSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time send, or receive, on a socket: a frame can take several calls. Closing the socket wakes the one
 * whose turn it is, and each of the others finds on its turn that it is closed.
 */
final class Turn {
    /** Instead of a timeout: give up rather than wait. */
    static final long TRY = -1;
    /** Instead of a timeout: wait as long as it takes. */
    static final long FOREVER = 0;
    /** Instead of what is left of a timeout: the turn did not come. */
    static final long NOT_YET = -2;

    private final ScmSocket socket;
    private final ReentrantLock lock = new ReentrantLock();

    Turn(ScmSocket socket) {
        this.socket = socket;
    }

    /**
     * Waits for a turn; {@link #end} must follow if it comes.
     *
     * @param timeout nanoseconds, {@link #FOREVER} or {@link #TRY}
     * @return what is left of the timeout; {@link #NOT_YET} if it did not come, only with {@link #TRY}
     */
    long begin(long timeout) throws IOException {
        if (!socket.isOpen()) {
            throw new ClosedChannelException();
        }
        if (lock.tryLock()) {
            if (!socket.isOpen()) {
                lock.unlock();
                throw new ClosedChannelException();
            }
            return timeout;
        }
        if (timeout == TRY) {
            return NOT_YET;
        }
        long since = System.nanoTime();
        try {
            if (timeout == FOREVER) {
                lock.lockInterruptibly();
            } else if (!lock.tryLock(timeout, TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException(
                        "another thread kept the channel busy for " + Duration.ofNanos(timeout));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            socket.close();
            throw new ClosedByInterruptException();
        }
        if (!socket.isOpen()) {
            lock.unlock();
            throw new AsynchronousCloseException();
        }
        return timeout == FOREVER ? FOREVER : Math.max(1, timeout - (System.nanoTime() - since));
    }

    /** A turn however long it takes, of a socket that is closed already. */
    void beginToEnd() {
        lock.lock();
    }

    /** As {@link #beginToEnd}, if nobody else has a turn. */
    boolean tryBeginToEnd() {
        return lock.tryLock();
    }

    void end() {
        lock.unlock();
    }
}
