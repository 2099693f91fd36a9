package dev.fdpass;

import dev.fdpass.linux.SocketConstants;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A reusable message: native {@code msghdr}, iovec array, control buffer, address and payload memory, prepared in place.
 * Sending and receiving with it allocates nothing on the Java heap.
 *
 * <pre>{@code
 * try (var message = ScmMessage.allocate(4096, 32)) {      // bytes, descriptors
 *     while (socket.receive(message)) {
 *         ByteBuffer data = message.payload();
 *         OwnedFd file = message.takeFd(0);                // now yours to close
 *     }
 * }                                                        // what nobody took is closed
 * }</pre>
 *
 * <p><b>To send</b>, put bytes into {@link #payload()}, or {@linkplain #addBuffer(ByteBuffer) add buffers}, or both (the
 * payload goes first), and {@linkplain #addFd add descriptors}. They are borrowed: they stay open and yours. A message
 * that was sent keeps its content and can be sent again; {@link #clear} empties it.
 *
 * <p><b>To receive</b>, the bytes go to the added buffers, or else to {@link #payload()}. Received descriptors belong to
 * the message until they are {@linkplain #takeFd taken}; the next receive, {@link #clear} and {@link #close} close the
 * rest.
 *
 * <p>For one thread at a time. A second one gets an {@link IllegalStateException} and never somebody else's descriptor
 * (counts and flags of the last receive can be read at any time, and mean little while another thread receives);
 * {@link #close} may come from any thread and takes effect when a running operation ends. Man pages:
 * {@code sendmsg(2)}, {@code recvmsg(2)}, {@code cmsg(3)}.
 */
public final class ScmMessage implements AutoCloseable {
    /** Most descriptors in one message, the kernel's {@code SCM_MAX_FD}: {@value}. */
    public static final int SCM_MAX_FDS = SocketConstants.SCM_MAX_FD;
    /** Descriptors that {@link #allocate(int)} makes room for: {@value}. */
    public static final int DEFAULT_FDS = 32;
    /** Most buffers in one message, the kernel's {@code UIO_MAXIOV}: {@value}. */
    public static final int MAX_BUFFERS = SocketConstants.IOV_MAX;

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSE_WHEN_IDLE = 2;
    private static final int CLOSED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ScmMessage.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final NativeMessage message;
    private final Cleaner.Cleanable cleanable;

    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state = IDLE;

    private ScmMessage(int payloadBytes, int maxFds) {
        message = new NativeMessage(payloadBytes, maxFds);
        cleanable = Forgotten.watch(this, message.held());
    }

    /**
     * A message with room for {@value #DEFAULT_FDS} descriptors.
     *
     * @param payloadBytes bytes of its own memory, 0 or more
     * @return an empty message
     */
    public static ScmMessage allocate(int payloadBytes) {
        return allocate(payloadBytes, DEFAULT_FDS);
    }

    /**
     * A message.
     *
     * @param payloadBytes bytes of its own memory, 0 or more
     * @param maxFds most descriptors to send or receive, 0 to {@value #SCM_MAX_FDS}
     * @return an empty message
     */
    public static ScmMessage allocate(int payloadBytes, int maxFds) {
        return new ScmMessage(payloadBytes, maxFds);
    }

    // ---- Preparing

    /**
     * The message's own memory: always the same direct buffer. After {@link #clear} it is empty and ready to be written;
     * what stands before its position is sent. After a receive without added buffers its remaining bytes are what
     * arrived.
     *
     * @return the buffer, whose capacity is the number of bytes given to {@link #allocate(int, int)}
     */
    public ByteBuffer payload() {
        return message.payload();
    }

    /**
     * Adds the remaining bytes of a buffer, for sending or as room to receive. A direct buffer travels as it is, one on
     * the heap is copied through {@link #payload()}'s memory, which must be large enough. The range is noted now; each
     * send or receive then moves the buffer's position past the bytes that went.
     *
     * @param buffer any byte buffer; a read-only one only to send
     * @return this
     * @throws IllegalArgumentException if there are {@value #MAX_BUFFERS} already, or heap buffers do not fit
     */
    public ScmMessage addBuffer(ByteBuffer buffer) {
        enter();
        try {
            message.add(buffer);
            return this;
        } finally {
            exit();
        }
    }

    /**
     * Adds a segment, for sending or as room to receive. A native or mapped one travels as it is; one on the heap is
     * copied as with {@link #addBuffer(ByteBuffer)}. Its arena must stay open as long as the message uses it; to close
     * it in the middle of a call throws (for the first three arenas of a message).
     *
     * @param segment any segment; a read-only one only to send
     * @return this
     * @throws IllegalArgumentException as for {@link #addBuffer(ByteBuffer)}
     */
    public ScmMessage addBuffer(MemorySegment segment) {
        enter();
        try {
            message.add(segment);
            return this;
        } finally {
            exit();
        }
    }

    /**
     * Adds the memory of something that has some, as {@link #addBuffer(MemorySegment)} does.
     *
     * @param buffer for example a {@link dev.fdpass.memory.VolatileSlice}
     * @return this
     * @throws IllegalArgumentException as for {@link #addBuffer(ByteBuffer)}
     */
    public ScmMessage addBuffer(AsIobuf buffer) {
        return addBuffer(buffer.asIobuf());
    }

    /**
     * Adds a descriptor to send. It is borrowed: it must be open at each send, and stays open and yours.
     *
     * @param fd what to send
     * @return this
     * @throws IllegalArgumentException if the message has no room for one more
     */
    public ScmMessage addFd(AsFd fd) {
        OwnedFd owned = fd.asFd();
        enter();
        try {
            message.addFd(owned);
            return this;
        } finally {
            exit();
        }
    }

    /**
     * Adds credentials to send ({@code SCM_CREDENTIALS}), instead of those that the kernel adds by itself. The receiver
     * gets them if it asked ({@link ScmOption#SO_PASSCRED}).
     *
     * @param credentials such as {@link Credentials#ofSelf()}. The kernel checks them when they are sent: a process may
     *     name itself with its real, effective or saved user and group; a privileged one (in the socket's user namespace)
     *     any process that exists and any user
     * @return this
     * @throws IllegalArgumentException if there are some already
     */
    public ScmMessage addCredentials(Credentials credentials) {
        enter();
        try {
            message.addCredentials(credentials.toUcred());
            return this;
        } finally {
            exit();
        }
    }

    /**
     * Sets where to send, on a {@link UnixDatagram}.
     *
     * @param address the receiver's address; {@link UnixAddress#unnamed()} for the one the socket is connected to
     * @return this
     */
    public ScmMessage to(SocketAddress address) {
        UnixAddress unix = UnixAddress.of(address);
        enter();
        try {
            message.to(unix);
            return this;
        } finally {
            exit();
        }
    }

    // ---- What arrived

    /** {@return bytes that the last receive brought into the buffers; -1 if it met the end of the stream} */
    public int bytes() {
        return message.bytes();
    }

    /** {@return whether the last receive met the end of the stream} */
    public boolean isEndOfStream() {
        return message.bytes() < 0;
    }

    /** {@return bytes that the last packet had when it was sent: more than {@link #bytes()} if it was truncated} */
    public long packetBytes() {
        return message.packetBytes();
    }

    /** {@return whether the last packet had more bytes than there was room for; they are lost} ({@code MSG_TRUNC}) */
    public boolean isPayloadTruncated() {
        return message.isPayloadTruncated();
    }

    /**
     * Whether fewer descriptors arrived than were sent, because there was no room for more, or the process has reached
     * its limit of open files, or a security module refused one ({@code MSG_CTRUNC}). They were closed. If somebody else
     * who has the socket has set an option on it, a message may say so too although none is missing; the next ones do not,
     * once the kernel has shown what it was.
     *
     * @return whether some may be lost
     */
    public boolean isControlTruncated() {
        return message.isControlTruncated();
    }

    /** {@return descriptors that the last receive brought, those taken since included} */
    public int fdCount() {
        return message.held().count();
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
            return message.held().take(index);
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
     * @throws RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(int index, Expect expected) throws IOException {
        return expected.orClose(takeFd(index));
    }

    /**
     * Takes all received descriptors if they are what is expected, each in its place, and no more were sent; else all are
     * closed.
     *
     * @param expected what they must be, in the order in which they were sent; none to expect none
     * @return their owners
     * @throws RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        enter();
        try {
            return Expect.takeExactly(message.held(), message.isControlTruncated(), expected);
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
            return message.held().takeAll();
        } finally {
            exit();
        }
    }

    /** {@return who sent the last message, if {@link ScmOption#SO_PASSCRED} is set} */
    public Optional<Credentials> credentials() {
        enter();
        try {
            return message.ancillary().credentials();
        } finally {
            exit();
        }
    }

    /** {@return when the last message was sent, if {@link ScmOption#SO_TIMESTAMPNS} is set} */
    public Optional<Instant> timestamp() {
        enter();
        try {
            return message.ancillary().timestamp();
        } finally {
            exit();
        }
    }

    /** {@return the security label of the last sender, if {@link ScmOption#SO_PASSSEC} is set and there is one} */
    public Optional<String> securityLabel() {
        enter();
        try {
            return message.ancillary().securityLabel();
        } finally {
            exit();
        }
    }

    /**
     * Takes the process that sent the last message out of it, if {@link ScmOption#SO_PASSPIDFD} is set.
     *
     * @return the process, the caller's to close; empty if none came, or it was taken already
     */
    public Optional<PidFd> takePidFd() {
        enter();
        try {
            HeldFds held = message.held();
            return held.hasPidFd() ? Optional.of(new PidFd(held.takePidFd())) : Optional.empty();
        } finally {
            exit();
        }
    }

    /** {@return the address that the last datagram came from; unnamed if its socket has none, and on other sockets} */
    public UnixAddress sender() {
        enter();
        try {
            return message.sender();
        } finally {
            exit();
        }
    }

    /**
     * Bytes of this message that have gone already, where a send on a stream stopped half way (a timeout, or
     * {@link ScmSocket#trySend(ScmMessage)}). Its descriptors went with the first of them. The next send, which must be
     * on the same socket, goes on from there.
     *
     * @return 0 if the message is not partly sent
     */
    public long sentBytes() {
        return message.sentBytes();
    }

    // ---- The end

    /** Empties the message for the next use: received descriptors that nobody took are closed, added ones let go. */
    public void clear() {
        enter();
        try {
            message.clear();
        } finally {
            exit();
        }
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
        message.forget();
        state = CLOSED;
        cleanable.clean();
    }

    // ---- For the sockets

    /** What is in it, for a batch, which enters before it uses that. */
    NativeMessage content() {
        return message;
    }

    /**
     * Begins a use of the message by this thread alone.
     *
     * @return what is in it, until {@link #exit}
     */
    NativeMessage enter() {
        if (!STATE.compareAndSet(this, IDLE, BUSY)) {
            throw new IllegalStateException(
                    state == CLOSED || state == CLOSE_WHEN_IDLE
                            ? "the message is closed; allocate another"
                            : "the message is in use by another thread; use one message per thread");
        }
        return message;
    }

    /** Ends what {@link #enter} began. */
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
