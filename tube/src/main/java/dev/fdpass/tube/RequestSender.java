package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests of many threads, one at a time. What a thread has begun and has no time to finish, another one finishes: behind
 * a part of it, nothing else could be sent.
 */
final class RequestSender {
    /** Memory that is kept for requests; a larger one gets its own. */
    private static final int KEPT_BYTES = 1 << 14;

    private final FramedChannel channel;
    /** Not a lock: a turn may begin in one thread and end in another. */
    private final Semaphore turn = new Semaphore(1);

    private final FrameMessage kept = FrameMessage.allocate(KEPT_BYTES);

    RequestSender(FramedChannel channel) {
        this.channel = channel;
    }

    /**
     * Sends a request.
     *
     * @param isForever whether it may take as long as it takes; else the deadline holds
     * @throws SocketTimeoutException if the time is over. If a part of it has gone, the rest will go
     * @throws InterruptedIOException if the thread is interrupted before its turn has come
     */
    void send(Conversation.Outgoing request, boolean isForever, long deadline) throws IOException {
        begin(deadline);
        if (!channel.isOpen()) {
            turn.release();
            throw new ClosedChannelException(); // and what is kept may be closed as well
        }
        FrameMessage message = kept;
        boolean isLeft = false;
        try {
            ByteBuffer bytes = request.bytes();
            if (bytes.remaining() > KEPT_BYTES) {
                message = FrameMessage.allocate(bytes.remaining());
            }
            message.data().put(bytes);
            for (AsFd fd : request.fds()) {
                message.addFd(fd);
            }
            channel.setSendTimeout(
                    isForever ? Duration.ZERO : Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            channel.send(message);
        } catch (SocketTimeoutException e) {
            if (message.isPartlySent()) {
                FrameMessage begun = message;
                Thread unused = Thread.ofVirtual().name("rest of a request").start(() -> sendRest(begun));
                isLeft = true;
            }
            throw e;
        } finally {
            if (!isLeft) {
                end(message);
            }
        }
    }

    /** Waits for this thread's turn. One that is interrupted already must not close the tube of all others by trying to send. */
    private void begin(long deadline) throws IOException {
        try {
            if (!turn.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("the requests of other threads took all the time to send");
            }
        } catch (InterruptedException e) {
            throw interrupted("interrupted before the request was sent; nothing of it was", e);
        }
    }

    /** An interrupt as those see it who know but {@link IOException}s: the thread stays interrupted. */
    static InterruptedIOException interrupted(String message, InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException(message);
        interrupted.initCause(cause);
        return interrupted;
    }

    private void sendRest(FrameMessage message) {
        try {
            channel.setSendTimeout(Duration.ZERO);
            channel.send(message);
        } catch (IOException | RuntimeException e) {
            // It is closed; or a descriptor is, of those that one message of the kernel does not hold.
        } finally {
            end(message);
        }
    }

    private void end(FrameMessage message) {
        try {
            if (message.isPartlySent()) {
                channel.asFd().closeAside(); // nothing can follow; who receives ends the tube
            }
            message.clear(); // lets go of the caller's descriptors
            if (message != kept) {
                message.close();
            }
        } finally {
            turn.release();
        }
    }

    /** The channel is closed, which has woken whoever was sending. */
    void close() {
        turn.acquireUninterruptibly();
        try {
            kept.close();
        } finally {
            turn.release();
        }
    }
}
