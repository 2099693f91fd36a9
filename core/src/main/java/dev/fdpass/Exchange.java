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
 *
 * <p>{@link #send} and {@link #receive} are long on purpose: what is longer than 325 bytes of bytecode (HotSpot's
 * {@code FreqInlineSize}) is not compiled into its callers, and from here everything down to the system call is within the
 * compiler's reach. Were it to begin some methods above, it would give up before that, and each call would make an object.
 */
final class Exchange {
    /** Instead of a timeout: give up rather than wait. */
    static final long TRY = -1;
    /** Instead of a timeout: wait as long as it takes. */
    static final long FOREVER = 0;

    /** How long to leave a receiver alone that polls as ready and then is not. */
    private static final long BACK_OFF_NANOS = 1_000_000;

    /** What a receive says at the end of the stream. */
    static final int ENDED = 0;
    /** What a receive says that does not wait. */
    static final int NOTHING_YET = -1;

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
     * @param timeout nanoseconds, {@link #FOREVER} or {@link #TRY}; of packets it counts from the first time that it has to
     *     wait
     * @return whether all went; false only with {@link #TRY}
     */
    boolean send(Outgoing message, long timeout) throws IOException {
        message.prepareSend(this);
        // On a stream no other thread's bytes and descriptors may come between the parts of this message.
        boolean inTurn = isStream();
        long deadline = inTurn && timeout != TRY ? deadline(timeout) : 0;
        if (inTurn && !descriptor.takeTurn(sending, timeout, deadline)) {
            if (timeout == TRY) {
                return false;
            }
            throw Errors.timedOut("send", timeout, message.sentBytes());
        }
        try {
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
        } finally {
            if (inTurn) {
                sending.end();
            }
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
     * Receives one message, or what a stream has; or as many as there are.
     *
     * @param timeout nanoseconds, {@link #FOREVER} or {@link #TRY}
     * @return how many came, {@link #ENDED}, or {@link #NOTHING_YET}, which only {@link #TRY} allows
     */
    int receive(Incoming incoming, long timeout) throws IOException {
        incoming.prepareReceive(this);
        int socket = timeout == TRY ? descriptor.acquire() : descriptor.acquireToWait();
        try {
            long deadline = 0;
            boolean spins = spin > 0;
            long spinEnd = 0;
            int ready = 0;
            while (true) {
                long result = incoming.tryReceive(socket, this);
                if (result >= 0) {
                    return incoming.came(result, socket, this);
                }
                if (Errno.EAGAIN.is(result)) {
                    // Only a datagram socket would block for ever after it was shut down; the others say that they have
                    // ended.
                    if (hasHungUp(ready) || (timeout == TRY && type == SOCK_DGRAM && hasEnded(socket))) {
                        incoming.ended();
                        return ENDED;
                    }
                    if (timeout == TRY) {
                        return NOTHING_YET;
                    }
                    if (deadline == 0) {
                        deadline = deadline(timeout);
                        spinEnd = spins ? System.nanoTime() + spin : 0;
                    }
                    if (spins) {
                        // Not on if there is reason to give up, which waiting will find.
                        long now = System.nanoTime();
                        spins = now - spinEnd < 0
                                && (deadline == Descriptor.NEVER || now - deadline < 0)
                                && descriptor.isOpen()
                                && !Thread.currentThread().isInterrupted();
                        Thread.onSpinWait();
                    } else {
                        ready = descriptor.await(POLLIN | POLLRDHUP, deadline);
                        if (ready == 0) {
                            throw Errors.timedOut("receive", timeout, 0);
                        }
                    }
                } else if (!Errno.EINTR.is(result)) {
                    throw Errors.of(incoming.receiveCall(), result);
                }
            }
        } finally {
            fd.release();
        }
    }

    /**
     * Somebody may have set an option: then a message shows it, or lacked room, perhaps not for descriptors. It is here,
     * whatever the kernel says to that.
     */
    void learnFrom(int seen, boolean lackedRoom, int socket) {
        if (lackedRoom || fd.isNews(seen)) {
            fd.learnFrom(socket, seen);
        }
    }

    private static boolean hasEnded(int socket) throws IOException {
        return hasHungUp(Errors.check("ppoll", Poll.now(socket, POLLRDHUP)));
    }

    /**
     * Whether a receive that brought nothing met the end, or an empty packet. On a seqpacket socket the kernel says the
     * same for both; but it is no end while the peer has not shut down, nor while more is queued behind.
     */
    boolean isEnd(int socket) throws IOException {
        return type == SOCK_SEQPACKET
                && hasEnded(socket)
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
