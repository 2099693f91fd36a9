package dev.fdpass.frame;

import dev.fdpass.AsFd;
import dev.fdpass.Expect;
import dev.fdpass.FdQueue;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A reusable frame: to send and to receive with it allocates nothing on the Java heap, once it has grown to the size of the
 * frames.
 *
 * <pre>{@code
 * try (var message = FrameMessage.allocate(4096)) {
 *     while (channel.receive(message)) {
 *         ByteBuffer data = message.data();
 *         OwnedFd file = message.takeFd(0);                // now yours to close
 *     }
 * }                                                        // what nobody took is closed
 * }</pre>
 *
 * <p><b>To send</b>, put bytes into {@link #data()}, or {@linkplain #addBuffer add buffers}, or both (those of {@link #data()}
 * go first), and {@linkplain #addFd add descriptors}, which are borrowed: they stay open and yours. A frame that was sent keeps
 * its content and can be sent again; {@link #clear} empties it.
 *
 * <p><b>To receive</b>, {@link #data()} is replaced by a larger buffer if the frame does not fit. Received descriptors belong
 * to the message until they are {@linkplain #takeFd taken}; the next receive, {@link #clear} and {@link #close} close the
 * rest.
 *
 * <p>For one thread at a time; a second one gets an {@link IllegalStateException}. {@link #close} may come from any thread and
 * takes effect when a running operation ends.
 */
public final class FrameMessage implements AutoCloseable {
    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSE_WHEN_IDLE = 2;
    private static final int CLOSED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(FrameMessage.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OutgoingFrame outgoing;
    private final FdQueue received = FdQueue.allocate(0);
    private UnixAddress sender = UnixAddress.unnamed();
    private int bytes;
    private boolean isReceived;

    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state = IDLE;

    private FrameMessage(int dataBytes) {
        outgoing = new OutgoingFrame(dataBytes);
    }

    /**
     * A message.
     *
     * @param dataBytes bytes that {@link #data()} has room for, 0 to {@value FrameLimits#MOST_BYTES}
     * @return an empty message
     */
    public static FrameMessage allocate(int dataBytes) {
        if (dataBytes < 0 || dataBytes > FrameLimits.MOST_BYTES) {
            throw new IllegalArgumentException("room for " + dataBytes + " bytes; give 0 to " + FrameLimits.MOST_BYTES);
        }
        return new FrameMessage(dataBytes);
    }

    // ---- Preparing

    /**
     * The message's own memory, a direct buffer. After {@link #clear} it is empty and ready to be written; what stands before
     * its position is sent. After a receive its remaining bytes are what arrived, and it may be another buffer than before.
     *
     * @return the buffer
     */
    public ByteBuffer data() {
        return outgoing.data();
    }

    /**
     * Adds the remaining bytes of a direct buffer, for sending; they travel as they are, without being copied. The range is
     * noted now, and the buffer's position stays where it is.
     *
     * @param buffer a direct byte buffer
     * @return this
     * @throws IllegalArgumentException if it is on the heap, whose bytes belong into {@link #data()}; or if there are
     *     {@value OutgoingFrame#MOST_BUFFERS} already
     * @throws IllegalStateException if the message is partly sent, or holds what it received
     */
    public FrameMessage addBuffer(ByteBuffer buffer) {
        enter();
        try {
            checkMayChange();
            outgoing.add(buffer);
            return this;
        } finally {
            exit();
        }
    }

    /**
     * Adds a descriptor to send. It is borrowed: it must be open when the frame is sent, and stays open and yours.
     *
     * @param fd what to send
     * @return this
     * @throws IllegalArgumentException if there are {@value FrameLimits#MOST_FDS} already
     * @throws IllegalStateException if the message is partly sent, or holds what it received
     */
    public FrameMessage addFd(AsFd fd) {
        OwnedFd owned = fd.asFd();
        enter();
        try {
            checkMayChange();
            outgoing.add(owned);
            return this;
        } finally {
            exit();
        }
    }

    /**
     * Sets where to send, on a {@link dev.fdpass.UnixDatagram}; other sockets refuse to send such a message.
     *
     * @param address the receiver's address; {@link UnixAddress#unnamed()} for the one the socket is connected to
     * @return this
     * @throws IllegalStateException if the message holds what it received
     */
    public FrameMessage to(SocketAddress address) {
        UnixAddress unix = UnixAddress.of(address);
        enter();
        try {
            checkMayChange();
            outgoing.to(unix);
            return this;
        } finally {
            exit();
        }
    }

    private void checkMayChange() {
        if (isReceived) {
            throw new IllegalStateException("the message holds what it received; clear() it first");
        }
        outgoing.checkNotPartlySent();
    }

    // ---- What arrived

    /** {@return bytes of the frame that the last receive brought; -1 if it met the end of the stream} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether the last receive met the end of the stream} */
    public boolean isEndOfStream() {
        return bytes < 0;
    }

    /** {@return descriptors of the frame that the last receive brought, those taken since included} */
    public int fdCount() {
        return received.count();
    }

    /** {@return the address that the last datagram came from; unnamed if its socket has none, and on other sockets} */
    public UnixAddress sender() {
        return sender;
    }

    /**
     * Takes a received descriptor out of the message: it is the caller's to close now.
     *
     * @param index from 0, in the order in which they were sent
     * @return its owner
     * @throws IndexOutOfBoundsException if not so many arrived
     * @throws IllegalStateException if it was taken already
     */
    public OwnedFd takeFd(int index) {
        enter();
        try {
            return received.takeFd(index);
        } finally {
            exit();
        }
    }

    /**
     * Takes a received descriptor out of the message if it is what is expected; else it is closed.
     *
     * @param index from 0, in the order in which they were sent
     * @param expected what it must be
     * @return its owner
     * @throws dev.fdpass.RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(int index, Expect expected) throws IOException {
        enter();
        try {
            return received.takeFd(index, expected);
        } finally {
            exit();
        }
    }

    /**
     * Takes all received descriptors if they are what is expected, each in its place, and no more were sent; else all are
     * closed.
     *
     * @param expected what they must be, in the order in which they were sent; none to expect none
     * @return their owners
     * @throws dev.fdpass.RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        enter();
        try {
            return received.takeExactly(expected);
        } finally {
            exit();
        }
    }

    /**
     * Takes all received descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they were sent; each is the caller's to close
     */
    public List<OwnedFd> takeFds() {
        enter();
        try {
            return received.takeFds();
        } finally {
            exit();
        }
    }

    /**
     * Whether a send stopped half way, after a timeout or in an attempt that does not wait. The next send of this message,
     * which must be on the same channel, goes on from there.
     *
     * @return false also if nothing of it has gone, or all
     */
    public boolean isPartlySent() {
        return outgoing.isPartlySent();
    }

    // ---- The end

    /**
     * Empties the message for the next use: received descriptors that nobody took are closed, added ones let go. If it is
     * partly sent, its channel can send no more.
     */
    public void clear() {
        enter();
        try {
            empty();
        } finally {
            exit();
        }
    }

    private void empty() {
        if (received.count() > 0) {
            received.clear();
        }
        outgoing.clear();
        isReceived = false;
        bytes = 0;
        sender = UnixAddress.unnamed();
    }

    /** Closes received descriptors that nobody took. Using it afterwards throws {@link IllegalStateException}. */
    @Override
    public void close() {
        while (true) {
            int now = state;
            if (now == CLOSED || now == CLOSE_WHEN_IDLE) {
                return;
            }
            if (now == IDLE && STATE.compareAndSet(this, IDLE, BUSY)) {
                finish();
                return;
            }
            if (now == BUSY && STATE.compareAndSet(this, BUSY, CLOSE_WHEN_IDLE)) {
                return;
            }
        }
    }

    private void finish() {
        state = CLOSED;
        try {
            received.close();
        } finally {
            outgoing.close();
        }
    }

    // ---- For the channels

    /** Begins a send, which {@link #exit} ends. */
    OutgoingFrame enterToSend() {
        enter();
        if (isReceived) {
            exit();
            throw new IllegalStateException("the message holds what it received; clear() it before sending");
        }
        return outgoing;
    }

    /** Begins a receive, which {@link #exit} ends. If nothing is taken in between, it is left as {@link #clear} leaves it. */
    void enterToReceive() {
        enter();
        try {
            outgoing.checkNotPartlySent();
            empty();
        } catch (Throwable t) {
            exit();
            throw t;
        }
    }

    /** Takes over the frame that is there; should there be no memory, it stays there. */
    void take(FrameReceiver from) {
        FirstFrame first = from.first();
        int size = first.contentBytes();
        outgoing.reserve(size);
        first.copyContent(data().clear());
        UnixAddress sentBy = from.sender();
        from.handOver(received);
        sender = sentBy;
        arrived(size);
    }

    /** Takes over all that is there, whatever it is. */
    void takeRest(FrameReceiver from) {
        int size = from.restBytes();
        outgoing.reserve(size);
        from.copyRest(data().clear());
        from.handOverRest(received);
        arrived(size);
    }

    void ended() {
        arrived(0);
        bytes = -1;
    }

    private void arrived(int size) {
        data().limit(size);
        bytes = size;
        isReceived = true;
    }

    private void enter() {
        if (!STATE.compareAndSet(this, IDLE, BUSY)) {
            throw new IllegalStateException(
                    state == CLOSED || state == CLOSE_WHEN_IDLE
                            ? "the message is closed; allocate another"
                            : "the message is in use by another thread; use one message per thread");
        }
    }

    void exit() {
        try {
            if (!STATE.compareAndSet(this, BUSY, IDLE)) {
                finish(); // somebody closed it meanwhile
            }
        } finally {
            // Its descriptors must not be mistaken for forgotten ones while it was in use.
            Reference.reachabilityFence(this);
        }
    }
}
