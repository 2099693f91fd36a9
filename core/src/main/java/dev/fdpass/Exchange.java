package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLHUP;
import static dev.fdpass.linux.SocketConstants.POLLIN;
import static dev.fdpass.linux.SocketConstants.POLLOUT;
import static dev.fdpass.linux.SocketConstants.POLLRDHUP;
import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;
import static dev.fdpass.linux.SocketConstants.SOCK_SEQPACKET;
import static dev.fdpass.linux.SocketConstants.SOCK_STREAM;

import dev.fdpass.linux.ControlRoom;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Poll;
import dev.fdpass.linux.Sockets;
import java.io.IOException;

/**
 * Sends and receives on one socket: repeats attempts that do not wait, and waits between them. {@code MSG_DONTWAIT} and
 * polling leave the status flags and timeouts of the socket alone, which are shared with everyone who has it.
 */
final class Exchange {
    /** Instead of a timeout: give up rather than wait. */
    static final long TRY = -1;
    /** Instead of a timeout: wait as long as it takes. */
    static final long FOREVER = 0;

    /** Instead of when to stop to spin: it does not begin. */
    private static final long NO_SPIN = Long.MIN_VALUE;

    /** How long to leave a receiver alone that polls as ready and then is not. */
    private static final long BACK_OFF_NANOS = 1_000_000;

    /** How a receive ended. */
    enum Result {
        MESSAGE,
        END_OF_STREAM,
        WOULD_BLOCK
    }

    private final OwnedFd fd;
    private final Descriptor descriptor;
    private final int type;
    private final Origin origin;
    private final Turns sending = new Turns();
    /** Nanoseconds for which a receive tries again before it blocks. */
    private volatile long spin;

    Exchange(OwnedFd fd, int type, boolean mayHaveOptions) throws IOException {
        this.fd = fd;
        this.descriptor = fd.descriptor();
        this.type = type;
        if (mayHaveOptions) {
            Errors.check("getsockopt", fd.use(fd::learnOptions));
        }
        this.origin = new Origin(
                "received over",
                (type == SOCK_STREAM ? "UnixStream" : type == SOCK_DGRAM ? "UnixDatagram" : "UnixSeqpacket") + " fd "
                        + fd.number());
    }

    OwnedFd fd() {
        return fd;
    }

    boolean isStream() {
        return type == SOCK_STREAM;
    }

    /** Whether all messages come from the same peer: a datagram says whom it is from. */
    boolean isConnection() {
        return type != SOCK_DGRAM;
    }

    /** Control bytes to offer beside those for descriptors: as many as options add to each message. */
    int otherControl(int maxFds) {
        return fd.controlRoom() + (maxFds == 0 ? ControlRoom.HEADER : 0);
    }

    void spin(long nanos) {
        spin = nanos;
    }

    long spin() {
        return spin;
    }

    Origin origin() {
        return origin;
    }

    /**
     * Sends all of a message, or of several.
     *
     * @param timeout nanoseconds, {@link #FOREVER} or {@link #TRY}
     * @return whether all went; false only with {@link #TRY}
     */
    boolean send(Outgoing message, long timeout) throws IOException {
        message.prepareSend(this);
        if (!isStream()) {
            return sendAll(message, timeout, 0);
        }
        // Another thread's bytes and descriptors must not come between the parts of this message.
        long deadline = timeout == TRY ? 0 : deadline(timeout);
        if (!descriptor.takeTurn(sending, timeout, deadline)) {
            if (timeout == TRY) {
                return false;
            }
            throw Errors.timedOut("send", timeout, message.sentBytes());
        }
        try {
            return sendAll(message, timeout, deadline);
        } finally {
            sending.end();
        }
    }

    /** With {@code deadline} 0, {@code timeout} counts from the first time that it has to wait. */
    private boolean sendAll(Outgoing message, long timeout, long deadline) throws IOException {
        int socket = timeout == TRY ? descriptor.acquire() : descriptor.acquireToWait();
        try {
            boolean polled = false;
            while (true) {
                long result = message.trySend(socket);
                if (result >= 0) {
                    if (message.sent(result, this)) {
                        return true;
                    }
                    polled = false;
                } else if (Errno.EAGAIN.is(result)) {
                    if (timeout == TRY) {
                        return false;
                    }
                    deadline = deadline == 0 ? deadline(timeout) : deadline;
                    // A datagram socket that is not connected polls writable although the receiver's queue is full.
                    boolean ready = polled ? backOff(deadline) : descriptor.await(POLLOUT, deadline) != 0;
                    polled = !polled;
                    if (!ready) {
                        throw Errors.timedOut("send", timeout, message.sentBytes());
                    }
                } else if (!Errno.EINTR.is(result)) {
                    throw message.sendError(result, this);
                }
            }
        } finally {
            fd.release();
        }
    }

    private boolean backOff(long deadline) throws IOException {
        long until = System.nanoTime() + BACK_OFF_NANOS;
        if (deadline != Descriptor.NEVER && until - deadline > 0) {
            descriptor.await(0, deadline);
            return false;
        }
        descriptor.await(0, until);
        return true;
    }

    /**
     * Receives one message, or what a stream has.
     *
     * @param timeout nanoseconds, {@link #FOREVER} or {@link #TRY}
     */
    Result receive(NativeMessage message, int maxBytes, int maxFds, long timeout) throws IOException {
        message.prepareReceive(this, maxBytes);
        int socket = timeout == TRY ? descriptor.acquire() : descriptor.acquireToWait();
        try {
            long deadline = 0;
            long spinEnd = 0;
            int ready = 0;
            while (true) {
                long result = message.tryReceive(socket, this, maxFds);
                if (result >= 0) {
                    // A stream has room for a byte, so 0 is its end, whatever options add to it.
                    if (result == 0 && (isStream() || (message.broughtNothing() && isEnd(socket)))) {
                        message.endOfStream();
                        return Result.END_OF_STREAM;
                    }
                    message.received(result, this);
                    learnFrom(message, socket);
                    return Result.MESSAGE;
                }
                if (Errno.EAGAIN.is(result)) {
                    if (hasHungUp(ready)) {
                        message.endOfStream(); // a datagram socket that was shut down: nothing will come
                        return Result.END_OF_STREAM;
                    }
                    if (timeout == TRY) {
                        return tryResult(message, socket);
                    }
                    deadline = deadline == 0 ? deadline(timeout) : deadline;
                    spinEnd = spinEnd == 0 ? spinEnd() : spinEnd;
                    if (!maySpin(spinEnd, deadline)) {
                        ready = awaitMessage(timeout, deadline);
                    }
                } else if (!Errno.EINTR.is(result)) {
                    throw Errors.of("recvmsg", result);
                }
            }
        } finally {
            fd.release();
        }
    }

    /**
     * Receives as many messages as there are, at least one.
     *
     * @param timeout nanoseconds, {@link #FOREVER} or {@link #TRY}
     * @return how many; 0 at the end; -1 with {@link #TRY} if there is nothing
     */
    int receiveAll(NativeBatch batch, long timeout) throws IOException {
        batch.prepareReceive(this);
        int socket = timeout == TRY ? descriptor.acquire() : descriptor.acquireToWait();
        try {
            long deadline = 0;
            long spinEnd = 0;
            int ready = 0;
            while (true) {
                long result = batch.tryReceive(socket, this);
                if (result >= 0) {
                    return came(batch, (int) result, socket);
                }
                if (Errno.EAGAIN.is(result)) {
                    if (hasHungUp(ready)) {
                        return 0; // a datagram socket that was shut down: nothing will come
                    }
                    if (timeout == TRY) {
                        return hasEnded(socket) ? 0 : -1;
                    }
                    deadline = deadline == 0 ? deadline(timeout) : deadline;
                    spinEnd = spinEnd == 0 ? spinEnd() : spinEnd;
                    if (!maySpin(spinEnd, deadline)) {
                        ready = awaitMessage(timeout, deadline);
                    }
                } else if (!Errno.EINTR.is(result)) {
                    throw Errors.of("recvmmsg", result);
                }
            }
        } finally {
            fd.release();
        }
    }

    /** Notes what came, up to the end of the stream, which the kernel repeats as often as there are messages left. */
    private int came(NativeBatch batch, int count, int socket) throws IOException {
        for (int i = 0; i < count; i++) {
            NativeMessage message = batch.message(i);
            int length = batch.length(i);
            if (length == 0 && (isStream() || (message.broughtNothing() && isEnd(socket)))) {
                message.endOfStream();
                return i;
            }
            message.received(length, this);
            learnFrom(message, socket);
        }
        return count;
    }

    /**
     * Somebody may have set an option: then a message shows it, or lacked room, perhaps not for descriptors. It is here,
     * whatever the kernel says to that.
     */
    private void learnFrom(NativeMessage message, int socket) {
        int seen = message.ancillary().found().options();
        if (message.isControlTruncated() || fd.isNews(seen)) {
            fd.learnFrom(socket, seen);
        }
    }

    /** When to stop to spin and begin to block, never 0. */
    private long spinEnd() {
        long time = spin;
        return time == 0 ? NO_SPIN : (System.nanoTime() + time) | 1;
    }

    /** Whether to try again at once: not if there is reason to give up, which {@link Descriptor#await} will find. */
    private boolean maySpin(long spinEnd, long deadline) {
        if (spinEnd == NO_SPIN) {
            return false;
        }
        long now = System.nanoTime();
        boolean may = now - spinEnd < 0
                && (deadline == Descriptor.NEVER || now - deadline < 0)
                && descriptor.isOpen()
                && !Thread.currentThread().isInterrupted();
        if (may) {
            Thread.onSpinWait();
        }
        return may;
    }

    private int awaitMessage(long timeout, long deadline) throws IOException {
        int ready = descriptor.await(POLLIN | POLLRDHUP, deadline);
        if (ready == 0) {
            throw Errors.timedOut("receive", timeout, 0);
        }
        return ready;
    }

    /** Only a datagram socket would block for ever after it was shut down; the others say that they have ended. */
    private Result tryResult(NativeMessage message, int socket) throws IOException {
        if (hasEnded(socket)) {
            message.endOfStream();
            return Result.END_OF_STREAM;
        }
        return Result.WOULD_BLOCK;
    }

    private boolean hasEnded(int socket) throws IOException {
        return type == SOCK_DGRAM && hasHungUp(Errors.check("ppoll", Poll.now(socket, POLLRDHUP)));
    }

    /**
     * Whether a receive that brought nothing met the end, or an empty packet. On a seqpacket socket the kernel says the
     * same for both; but it is no end while the peer has not shut down, nor while more is queued behind.
     */
    private boolean isEnd(int socket) throws IOException {
        return type == SOCK_SEQPACKET
                && hasHungUp(Errors.check("ppoll", Poll.now(socket, POLLRDHUP)))
                && Errors.check("ioctl(FIONREAD)", Sockets.available(socket)) == 0;
    }

    private static boolean hasHungUp(long ready) {
        return (ready & (POLLRDHUP | POLLHUP)) != 0;
    }

    /**
     * Bytes of the next packet, which stays where it is; -1 at the end of the connection.
     *
     * @param timeout nanoseconds or {@link #FOREVER}
     */
    int nextPacketSize(long timeout) throws IOException {
        int socket = descriptor.acquireToWait();
        try {
            long deadline = 0;
            int ready = 0;
            while (true) {
                long result = Sockets.peekPacketSize(socket);
                if (result >= 0) {
                    return result == 0 && isEnd(socket) ? -1 : (int) result;
                }
                if (Errno.EAGAIN.is(result)) {
                    if (hasHungUp(ready)) {
                        return -1;
                    }
                    deadline = deadline == 0 ? deadline(timeout) : deadline;
                    ready = descriptor.await(POLLIN | POLLRDHUP, deadline);
                    if (ready == 0) {
                        throw Errors.timedOut("nextPacketSize", timeout, 0);
                    }
                } else if (!Errno.EINTR.is(result)) {
                    throw Errors.of("recvmsg(MSG_PEEK)", result);
                }
            }
        } finally {
            fd.release();
        }
    }

    /** When {@code timeout} ends, never 0. */
    static long deadline(long timeout) {
        return timeout == FOREVER ? Descriptor.NEVER : (System.nanoTime() + timeout) | 1;
    }
}
