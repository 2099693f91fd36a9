package dev.fdpass;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One received message. Its descriptors belong to it until they are {@linkplain #takeFd taken}; {@link #close} closes
 * the rest.
 *
 * <p>Safe for use by several threads. One that is forgotten is closed by a cleaner, with a warning to the
 * {@code dev.fdpass} logger that says where it was received.
 *
 * <p>Man page: {@code recvmsg(2)}.
 */
public final class Received implements AutoCloseable {
    private static final HeldFds NONE = new HeldFds(0, new Origin("received", "nothing"));

    private final int bytes;
    private final long packetBytes;
    private final boolean payloadTruncated;
    private final boolean controlTruncated;
    private final UnixAddress sender;
    private final Optional<Credentials> credentials;
    private final Optional<Instant> timestamp;
    private final Optional<String> securityLabel;
    private final ByteBuffer data;
    private final int fdCount;
    /** Null where nothing is held, and after closing. */
    private @Nullable ReceivedFds fds;

    private boolean closed;

    /** Takes everything over from {@code message}, whose descriptors are its own no longer. */
    Received(NativeMessage message, ByteBuffer data) {
        bytes = message.bytes();
        packetBytes = message.packetBytes();
        payloadTruncated = message.isPayloadTruncated();
        controlTruncated = message.isControlTruncated();
        sender = message.sender();
        credentials = message.ancillary().credentials();
        timestamp = message.ancillary().timestamp();
        securityLabel = message.ancillary().securityLabel();
        this.data = data;
        fdCount = message.held().count();
        if (fdCount > 0 || message.held().hasPidFd()) {
            fds = ReceivedFds.take();
            fds.held().takeFrom(message.held());
        }
    }

    /** {@return bytes that arrived; -1 at the end of the stream} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether the peer has closed or shut down its side, and nothing will come any more} */
    public boolean isEndOfStream() {
        return bytes < 0;
    }

    /**
     * The bytes that arrived, if they were not received into buffers of the caller.
     *
     * @return a buffer on the heap, always the same, whose remaining bytes are those that arrived; empty if the caller
     *     gave buffers, and at the end of the stream
     */
    public ByteBuffer data() {
        return data;
    }

    /** {@return bytes that the packet had when it was sent: more than {@link #bytes()} if it was truncated} */
    public long packetBytes() {
        return packetBytes;
    }

    /** {@return whether the packet had more bytes than there was room for; they are lost} ({@code MSG_TRUNC}) */
    public boolean isPayloadTruncated() {
        return payloadTruncated;
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
        return controlTruncated;
    }

    /** {@return the address that a datagram came from; unnamed if its socket has none, and on other sockets} */
    public UnixAddress sender() {
        return sender;
    }

    /** {@return who sent it, if {@link ScmOption#SO_PASSCRED} is set} */
    public Optional<Credentials> credentials() {
        return credentials;
    }

    /** {@return when it was sent, if {@link ScmOption#SO_TIMESTAMPNS} is set} */
    public Optional<Instant> timestamp() {
        return timestamp;
    }

    /** {@return the security label of the sender, if {@link ScmOption#SO_PASSSEC} is set and there is one} */
    public Optional<String> securityLabel() {
        return securityLabel;
    }

    /**
     * Takes the process that sent it out of the message, if {@link ScmOption#SO_PASSPIDFD} is set.
     *
     * @return the process, the caller's to close; empty if none came, or it was taken already
     * @throws IllegalStateException if the message is closed
     */
    public synchronized Optional<PidFd> takePidFd() {
        checkOpen();
        try {
            HeldFds held = held();
            return held.hasPidFd() ? Optional.of(new PidFd(held.takePidFd())) : Optional.empty();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** {@return descriptors that arrived, those taken since included} */
    public int fdCount() {
        return fdCount;
    }

    /**
     * Takes a descriptor out of the message: it is the caller's to close now.
     *
     * @param index from 0, in the order in which they were sent
     * @return its owner
     * @throws IndexOutOfBoundsException if not so many arrived
     * @throws IllegalStateException if it was taken already, or the message is closed
     */
    public synchronized OwnedFd takeFd(int index) {
        checkOpen();
        try {
            return held().take(index);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes a descriptor out of the message if it is what is expected; else it is closed.
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
     * Takes all descriptors if they are what is expected, each in its place, and no more were sent; else all are closed.
     *
     * @param expected what they must be, in the order in which they were sent; none to expect none
     * @return their owners
     * @throws RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public synchronized List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        checkOpen();
        try {
            return Expect.takeExactly(held(), controlTruncated, expected);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private HeldFds held() {
        return fds == null ? NONE : fds.held();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the message is closed, and its descriptors with it");
        }
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they were sent; each is the caller's to close
     */
    public synchronized List<OwnedFd> takeFds() {
        checkOpen();
        try {
            return held().takeAll();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Closes the descriptors that nobody took. Further calls do nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        ReceivedFds last = fds;
        fds = null; // first: it will hold another's
        if (last != null) {
            last.give();
        }
    }
}
