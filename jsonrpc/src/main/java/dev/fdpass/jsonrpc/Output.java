package dev.fdpass.jsonrpc;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is sent on a connection, a message at a time. */
final class Output {
    /** Memory that is kept for messages; a larger one gets its own. */
    private static final int KEPT_BYTES = 1 << 14;

    /** Who waits as long as the options say. */
    static final long PATIENT = Long.MAX_VALUE;

    private final FramedChannel channel;
    private final long timeoutNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final FrameMessage kept = FrameMessage.allocate(KEPT_BYTES);

    /**
     * The same socket once more. Who does not keep to the protocol is cut by the channel at once; through this he can still be
     * told why.
     */
    private final AtomicReference<@Nullable OwnedFd> spare;

    /** Whether a message was sent in part and not to its end. */
    private volatile boolean isBroken;

    private boolean isClosed;

    Output(FramedChannel channel, OwnedFd spare, Duration timeout) {
        this.channel = channel;
        this.spare = new AtomicReference<>(spare);
        channel.setSendTimeout(timeout);
        timeoutNanos = channel.sendTimeout().toNanos();
    }

    /**
     * Sends a message.
     *
     * @param patience nanoseconds after which it must not begin any more; {@link #PATIENT} for the timeout of all sending, which
     *     holds in any case
     * @throws IllegalArgumentException if that is no frame within the limits, or a descriptor is closed; nothing was sent
     * @throws IOException if it was not sent, or a part of it was: then {@link #isBroken}, and the channel must be closed
     */
    void send(long patience, byte[] json, AsFd... fds) throws IOException {
        if (json.length > channel.limits().maxBytes()) {
            throw new IllegalArgumentException("a message of " + json.length + " bytes; the limit is "
                    + channel.limits().maxBytes() + " (FrameLimits.maxBytes), at the receiver perhaps less");
        }
        Deadlines until = new Deadlines(System.nanoTime(), Math.max(1, patience));
        begin(until);
        try {
            if (isClosed || isBroken) { // by whoever sends before, who is to say why
                throw new ClosedChannelException();
            }
            if (json.length <= KEPT_BYTES) {
                send(until, kept, json, fds);
            } else {
                try (FrameMessage large = FrameMessage.allocate(json.length)) {
                    send(until, large, json, fds);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long a message may wait until it begins, and how long in all, both from {@code since}. */
    private final class Deadlines {
        private final long since;
        /** Zero for as long as it takes. */
        private final long toBegin;

        Deadlines(long since, long patience) {
            this.since = since;
            toBegin = patience == PATIENT
                    ? timeoutNanos
                    : timeoutNanos == 0 ? patience : Math.min(patience, timeoutNanos);
        }

        /** What is left of it, zero for as long as it takes. */
        Duration left(long nanos) {
            return Duration.ofNanos(nanos == 0 ? 0 : Math.max(1, nanos - (System.nanoTime() - since)));
        }
    }

    private void send(Deadlines until, FrameMessage message, byte[] json, AsFd... fds) throws IOException {
        try {
            message.data().put(json);
            for (AsFd fd : fds) {
                message.addFd(fd);
            }
            try {
                channel.setSendTimeout(until.left(until.toBegin));
                channel.send(message);
            } catch (SocketTimeoutException e) {
                if (until.toBegin == timeoutNanos || !message.isPartlySent()) {
                    throw e;
                }
                channel.setSendTimeout(until.left(timeoutNanos)); // others could send nothing behind a part of it
                channel.send(message);
            }
        } finally {
            if (message.isPartlySent()) {
                isBroken = true;
            }
            message.clear(); // lets go of the caller's descriptors
        }
    }

    /** Whether nothing can be sent any more, since what follows would stand in the middle of a message. */
    boolean isBroken() {
        return isBroken;
    }

    private void begin(Deadlines until) throws IOException {
        if (lock.tryLock()) {
            return;
        }
        try {
            if (until.toBegin == 0) {
                lock.lockInterruptibly();
            } else if (!lock.tryLock(until.toBegin, TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException(
                        "other messages kept the connection busy for " + Duration.ofNanos(until.toBegin));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while other messages are sent; nothing of this one was");
        }
    }

    /** Says one last thing, if that can be said without waiting; the channel is closed already. */
    void lastWord(byte[] json) {
        lock.lock(); // whoever is sending is woken by the channel's end
        try {
            OwnedFd fd = spare.getAndSet(null);
            if (fd == null) {
                return;
            }
            try {
                if (!isBroken) {
                    var unused = UnixStream.adopt(fd).trySend(ByteBuffer.wrap(json));
                }
            } catch (IOException e) {
                // The peer is gone.
            } finally {
                fd.closeAside();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connection without waiting for anybody; {@link #close} is to follow. */
    void abandon() {
        try {
            channel.asFd().closeAside();
        } finally {
            OwnedFd fd = spare.getAndSet(null);
            if (fd != null) {
                fd.closeAside();
            }
        }
    }

    /** Closes the channel, and with it the connection. */
    void close() throws IOException {
        OwnedFd fd = spare.getAndSet(null);
        try (channel) { // whatever closing the other one reports
            if (fd != null) {
                fd.close(); // the channel has the socket as well: nothing ends here yet
            }
        } finally {
            lock.lock();
            try {
                isClosed = true;
                kept.close();
            } finally {
                lock.unlock();
            }
        }
    }
}
