package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;

import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Poll;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections from one listening socket, of whatever family. One thread at a time polls and then accepts:
 * accept4(2) cannot be told not to wait without changing the status flags of the listener, which whoever shares it would
 * notice.
 */
final class Acceptor {
    private final OwnedFd listener;

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
        Turns turns = descriptor.accepting();
        if (!descriptor.takeTurn(turns, timeout, deadline)) {
            return timedOut(timeout);
        }
        try {
            int number = timeout == Exchange.TRY ? descriptor.acquire() : descriptor.acquireToWait();
            try {
                return accept(number, timeout, deadline);
            } finally {
                listener.release();
            }
        } finally {
            turns.end();
        }
    }

    private @Nullable OwnedFd accept(int number, long timeout, long deadline) throws IOException {
        Descriptor descriptor = listener.descriptor();
        while (true) {
            boolean ready = timeout == Exchange.TRY
                    ? Errors.check("ppoll", Poll.now(number, POLLIN)) != 0
                    : descriptor.lookThenAwait(POLLIN, deadline) != 0;
            if (!ready) {
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
    }

    /** A connection may be gone again before it is accepted; that says nothing about the next one. */
    private static boolean isOfOneConnection(long result) {
        return Errno.EAGAIN.is(result)
                || Errno.EINTR.is(result)
                || Errno.ECONNABORTED.is(result)
                || Errno.EPROTO.is(result);
    }

    private static @Nullable OwnedFd timedOut(long timeout) throws IOException {
        if (timeout == Exchange.TRY) {
            return null;
        }
        throw Errors.timedOut("accept", timeout, 0);
    }
}
