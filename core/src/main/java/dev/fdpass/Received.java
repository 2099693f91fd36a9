package dev.fdpass;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
    private final ByteBuffer data;
    private final HeldFds fds;
    private final Cleaner.@Nullable Cleanable cleanable;
    private boolean closed;

    /** Takes everything over from {@code message}, whose descriptors are its own no longer. */
    Received(NativeMessage message, ByteBuffer data, Origin origin) {
        bytes = message.bytes();
        packetBytes = message.packetBytes();
        payloadTruncated = message.isPayloadTruncated();
        controlTruncated = message.isControlTruncated();
        sender = message.sender();
        this.data = data;
        int count = message.held().count();
        if (count == 0) {
            fds = NONE;
            cleanable = null;
        } else {
            fds = new HeldFds(count, origin);
            // Watched first: should that fail, the message still owns the descriptors.
            cleanable = Forgotten.watch(this, fds);
            fds.takeFrom(message.held());
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
     * its limit of open files, or a security module refused one ({@code MSG_CTRUNC}). They were closed.
     *
     * @return whether some were lost
     */
    public boolean isControlTruncated() {
        return controlTruncated;
    }

    /** {@return the address that a datagram came from; unnamed if its socket has none, and on other sockets} */
    public UnixAddress sender() {
        return sender;
    }

    /** {@return descriptors that arrived, those taken since included} */
    public int fdCount() {
        return fds.count();
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
        if (closed) {
            throw new IllegalStateException("the message is closed, and its descriptors with it");
        }
        try {
            return fds.take(index);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they were sent; each is the caller's to close
     */
    public synchronized List<OwnedFd> takeFds() {
        List<OwnedFd> taken = new ArrayList<>(fds.count()); // large enough: adding cannot fail and lose one
        for (int i = 0; i < fds.count(); i++) {
            if (!fds.isTaken(i)) {
                taken.add(takeFd(i));
            }
        }
        return taken;
    }

    /** Closes the descriptors that nobody took. Further calls do nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (cleanable != null) {
            fds.closeAll();
            cleanable.clean();
        }
    }
}
