package dev.fdpass;

import static dev.fdpass.linux.MessageBlock.PAYLOAD;
import static dev.fdpass.linux.SocketConstants.IOV_MAX;
import static dev.fdpass.linux.SocketConstants.MSG_CMSG_CLOEXEC;
import static dev.fdpass.linux.SocketConstants.MSG_CTRUNC;
import static dev.fdpass.linux.SocketConstants.MSG_DONTWAIT;
import static dev.fdpass.linux.SocketConstants.MSG_NOSIGNAL;
import static dev.fdpass.linux.SocketConstants.MSG_TRUNC;
import static dev.fdpass.linux.SocketConstants.SCM_MAX_FD;

import dev.fdpass.linux.ControlSummary;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Holds;
import dev.fdpass.linux.MessageBlock;
import dev.fdpass.linux.SockaddrUn;
import dev.fdpass.linux.Ucred;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The engine room of both doors: what is to be sent, what arrived, and single attempts to do either, none of which
 * waits. {@link Exchange} repeats the attempts. Not thread-safe.
 */
final class NativeMessage implements Outgoing, Incoming {
    private static final int END_OF_STREAM = -1;
    static final int FLAGS = MSG_DONTWAIT | MSG_NOSIGNAL;
    private static final Origin NOWHERE = new Origin("received", "nothing");

    private final MessageBlock block;
    private final ByteBuffer payload;
    private final BufferList buffers;
    private final HeldFds held;
    private final Ancillary ancillary;

    // To be sent.
    private final @Nullable OwnedFd[] fds;
    private int fdCount;
    /** Of {@link #fds}, while an attempt runs. */
    private int borrowed;
    /** The buffer that an attempt at the rest of a message begins in, and how far into it. */
    private int shifted;

    private long shiftedBy;
    private int nameLength;
    private @Nullable Ucred credentials;
    /** Bytes of all that is being sent; what is beside the payload stands in buffers. */
    private long sendingBytes;

    private int sendingPayload;
    private long sentBytes;
    private long partlySentTotal;
    private @Nullable Exchange partlySentOn;

    // Received.
    private boolean received;
    private int maxBytes = Integer.MAX_VALUE;
    private int maxFds;
    private int room;
    private int bytes;
    private long packetBytes;
    private boolean payloadTruncated;
    private boolean controlTruncated;
    private int senderLength;

    NativeMessage(int payloadBytes, int maxFds) {
        if (payloadBytes < 0) {
            throw new IllegalArgumentException("the payload has " + payloadBytes + " bytes; give 0 or more");
        }
        checkFds(maxFds);
        this.maxFds = maxFds;
        block = new MessageBlock(payloadBytes, maxFds);
        payload = block.payload().asByteBuffer();
        buffers = new BufferList(block);
        fds = new @Nullable OwnedFd[maxFds];
        held = new HeldFds(maxFds, NOWHERE, block.errno());
        ancillary = new Ancillary(block);
    }

    static void checkFds(int count) {
        if (count < 0 || count > SCM_MAX_FD) {
            throw new IllegalArgumentException(count + " descriptors; one message carries 0 to " + SCM_MAX_FD
                    + " (SCM_MAX_FD), the rest must go in another");
        }
    }

    ByteBuffer payload() {
        return payload;
    }

    BufferList buffers() {
        return buffers;
    }

    HeldFds held() {
        return held;
    }

    Ancillary ancillary() {
        return ancillary;
    }

    // ---- Sending

    /** What is partly sent must stay as it is, or the receiver could not make sense of it. */
    void checkNotPartlySent() {
        if (sentBytes > 0) {
            throw new IllegalStateException("the message is partly sent (" + sentBytes + " of " + partlySentTotal
                    + " bytes); send the rest, or clear() it, before changing it");
        }
    }

    void add(ByteBuffer buffer) {
        checkNotPartlySent();
        buffers.add(buffer);
    }

    void add(MemorySegment segment) {
        checkNotPartlySent();
        buffers.add(segment);
    }

    void addFd(OwnedFd fd) {
        checkNotPartlySent();
        if (fdCount == fds.length) {
            throw new IllegalArgumentException("this message has room for " + fds.length
                    + " descriptors; allocate one with more (one message carries at most " + SCM_MAX_FD
                    + "), or send the rest in another");
        }
        fds[fdCount++] = fd;
    }

    void addCredentials(Ucred ucred) {
        checkNotPartlySent();
        if (credentials != null) {
            throw new IllegalArgumentException("the message has credentials already; clear() it first");
        }
        credentials = ucred;
    }

    void to(UnixAddress address) {
        checkNotPartlySent();
        nameLength = address.isUnnamed() ? 0 : SockaddrUn.write(block.name(), address.sunPath());
    }

    /** What a failed {@link #trySend} means. */
    @Override
    public IOException sendError(long result, Exchange exchange) {
        UnixAddress destination = UnixAddress.ofSunPath(SockaddrUn.read(block.name(), nameLength));
        if (sentBytes == 0 && Errno.EBADF.is(result)) {
            for (int i = 0; i < fdCount; i++) {
                int number = owned(i).number();
                if (Descriptors.getFlags(number) == result) {
                    return new ErrnoException(
                            "sendmsg",
                            (int) -result,
                            "descriptor " + i + " of " + fdCount + ", fd " + number
                                    + ", was closed by other code than its owner");
                }
            }
        }
        return Errors.onSend(
                destination, sentBytes > 0 ? 0 : fdCount, credentials != null, !exchange.isConnection(), result);
    }

    /** Checks that the message can be sent, before anything is changed. */
    @Override
    public void prepareSend(Exchange exchange) {
        if (received) {
            throw new IllegalStateException("the message holds what it received; clear() it before sending");
        }
        if (sentBytes > 0 && partlySentOn != exchange) {
            throw new IllegalStateException("the message is partly sent on another socket (" + sentBytes
                    + " bytes); finish it there, or clear() it");
        }
        int position = payload.position(); // which others could move meanwhile
        long total = position + buffers.bytes();
        if (sentBytes > 0 && partlySentTotal != total) {
            throw new IllegalStateException("the message is partly sent, and had " + partlySentTotal
                    + " bytes then; it has " + total + " now. Put payload() back as it was, or clear() the message");
        }
        if (position + buffers.heapBytes() > payload.capacity()) {
            throw new IllegalArgumentException("the payload's " + position + " bytes and "
                    + buffers.heapBytes() + " bytes of heap buffers share the message's own memory of "
                    + payload.capacity() + "; allocate the message with more, or use direct buffers");
        }
        if (position > 0 && buffers.count() == IOV_MAX) {
            throw new IllegalArgumentException("the payload and " + buffers.count() + " buffers are one more than the "
                    + IOV_MAX + " that a message takes; join some, or send a second message");
        }
        if (exchange.isStream() && fdCount > 0 && total == 0) {
            throw new IllegalArgumentException("a stream carries descriptors only with at least one byte (with none,"
                    + " the kernel drops them without a word); send one, or use UnixSeqpacket or UnixDatagram");
        }
        buffers.checkUsable();
        sendingPayload = position;
        sendingBytes = total;
        block.payloadLength(position);
        buffers.stage(position, true);
    }

    long totalBytes() {
        return payload.position() + buffers.bytes();
    }

    /** One {@code sendmsg(2)} of what has not gone yet: bytes, or the negated error number. */
    @Override
    public long trySend(int socket) {
        beginSend();
        try {
            return block.sendmsg(socket, FLAGS, buffers.holds());
        } finally {
            endSend();
        }
    }

    /** Whether {@link #beginSend} would find all its descriptors open. */
    boolean canBegin() {
        for (int i = 0; sentBytes == 0 && i < fdCount; i++) {
            if (!owned(i).isOpen()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Prepares an attempt, which {@link #endSend} must end. The descriptors are borrowed for just so long: a wait for the
     * receiver to make room keeps nobody from closing one.
     */
    void beginSend() {
        try {
            if (sentBytes > 0) {
                beginSendRest(); // the descriptors went with the first byte
                return;
            }
            while (borrowed < fdCount) {
                int index = borrowed;
                int number = borrow(index);
                borrowed = index + 1;
                block.fd(index, number);
            }
            int first = sendingPayload > 0 ? PAYLOAD : BufferList.FIRST;
            block.prepareSend(first, end() - first, fdCount, credentials, nameLength);
        } catch (Throwable t) {
            endSend();
            throw t;
        }
    }

    private void beginSendRest() {
        int first = PAYLOAD;
        long into = sentBytes;
        if (into >= sendingPayload) {
            into -= sendingPayload;
            int index = buffers.indexOf(into);
            into -= buffers.bytesBefore(index);
            first = BufferList.FIRST + index;
        }
        block.shiftBuffer(first, into);
        shifted = first;
        shiftedBy = into;
        // Each part says whom it is from, or a receiver would see two senders.
        block.prepareSend(first, end() - first, 0, credentials, nameLength);
    }

    /** Gives back what {@link #beginSend} took. */
    void endSend() {
        while (borrowed > 0) {
            owned(--borrowed).release();
        }
        if (shiftedBy > 0) {
            block.shiftBuffer(shifted, -shiftedBy);
            shiftedBy = 0;
        }
    }

    Holds holds() {
        return buffers.holds();
    }

    MessageBlock block() {
        return block;
    }

    private int borrow(int index) {
        OwnedFd fd = owned(index);
        try {
            return fd.descriptor().acquire();
        } catch (ClosedChannelException e) {
            throw new IllegalArgumentException(
                    "descriptor " + index + " of " + fdCount + " to be sent (fd " + fd.number()
                            + ") is closed; it must stay open until it is sent",
                    e);
        }
    }

    private int end() {
        return BufferList.FIRST + buffers.count();
    }

    private OwnedFd owned(int index) {
        OwnedFd fd = fds[index];
        assert fd != null;
        return fd;
    }

    /** Notes that {@code count} bytes went: true when that was all. */
    @Override
    public boolean sent(long count, Exchange exchange) {
        long sent = sentBytes + count;
        boolean all = sent >= sendingBytes;
        sentBytes = all ? 0 : sent;
        partlySentTotal = all ? 0 : sendingBytes;
        partlySentOn = all ? null : exchange;
        if (sent > sendingPayload) {
            buffers.drained(sent - sendingPayload);
        }
        return all;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    // ---- Receiving

    /** What the next receives may bring, within what there is room for. */
    void limit(int bytes, int descriptors) {
        maxBytes = bytes;
        maxFds = descriptors;
    }

    @Override
    public void prepareReceive(Exchange exchange) {
        checkReceive(exchange);
        held.closeAll();
        makeRoom();
    }

    /** Checks that there is where to receive to. */
    void checkReceive(Exchange exchange) {
        if (buffers.isReadOnly()) {
            throw new IllegalArgumentException(
                    "a buffer of the message is read-only; receiving needs ones that can be written");
        }
        if (exchange.isStream() && space() == 0) {
            throw new IllegalArgumentException("there is room for 0 bytes; on a stream that would take descriptors and"
                    + " leave their bytes. Give room for at least one");
        }
        buffers.checkUsable();
    }

    private int space() {
        return (int) Math.min(
                Integer.MAX_VALUE, buffers.count() == 0 ? Math.min(maxBytes, payload.capacity()) : buffers.bytes());
    }

    /** Forgets what was received; that must be closed by now. */
    void makeRoom() {
        forgetReceived();
        room = space();
        if (buffers.count() == 0) {
            block.payloadLength(room);
        } else {
            buffers.stage(0, false);
        }
    }

    /** One {@code recvmsg(2)}: bytes that the packet had, or the negated error number. */
    @Override
    public long tryReceive(int socket, Exchange exchange) {
        beginReceive(exchange);
        int flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC | (exchange.isStream() ? 0 : MSG_TRUNC);
        long result = block.recvmsg(socket, flags, buffers.holds());
        if (result >= 0) {
            // Before anything else: from here on the descriptors have an owner, whatever is thrown.
            own(exchange);
        }
        return result;
    }

    void beginReceive(Exchange exchange) {
        boolean own = buffers.count() == 0;
        block.prepareReceive(
                own ? PAYLOAD : BufferList.FIRST,
                own ? 1 : buffers.count(),
                maxFds,
                exchange.otherControl(maxFds),
                !exchange.isConnection());
    }

    /** Takes over the descriptors of a successful receive. */
    void own(Exchange exchange) {
        held.takeFrom(block, maxFds, ancillary.found(), exchange.origin());
    }

    /** Notes what a successful receive brought: 1, or {@link Exchange#ENDED}. */
    @Override
    public int came(long result, int socket, Exchange exchange) throws IOException {
        // A stream has room for a byte, so 0 is its end, whatever options add to it.
        if (result == 0 && (exchange.isStream() || (broughtNothing() && exchange.isEnd(socket)))) {
            ended();
            return Exchange.ENDED;
        }
        packetCame(result, socket, exchange);
        return 1;
    }

    /** As {@link #came}, of what is known to be no end. */
    void packetCame(long result, int socket, Exchange exchange) throws IOException {
        received(result, exchange);
        exchange.learnFrom(ancillary.found().options(), controlTruncated, socket);
    }

    /** Whether the last receive brought, besides no bytes, nothing else either. */
    boolean broughtNothing() {
        ControlSummary found = ancillary.found();
        return held.count() == 0
                && found.surplus() == 0
                && !found.hasCredentials()
                && !found.hasTimestamp()
                && !held.hasPidFd()
                && !block.hasFlag(MSG_CTRUNC);
    }

    private void received(long result, Exchange exchange) throws ProtocolException {
        packetBytes = result;
        bytes = (int) Math.min(result, room);
        payloadTruncated = block.hasFlag(MSG_TRUNC);
        controlTruncated = block.hasFlag(MSG_CTRUNC) || ancillary.found().surplus() > 0;
        senderLength = !exchange.isConnection() ? block.nameLength() : 0;
        if (buffers.count() == 0) {
            payload.limit(bytes);
        } else {
            buffers.filled(bytes);
        }
        if (ancillary.found().isMalformed()) {
            throw new ProtocolException("the kernel delivered a control message whose length cannot be");
        }
    }

    @Override
    public void ended() {
        bytes = END_OF_STREAM;
        ancillary.found().clear(); // a stream says of its end too that somebody sent it
    }

    @Override
    public String receiveCall() {
        return "recvmsg";
    }

    int bytes() {
        return bytes;
    }

    long packetBytes() {
        return packetBytes;
    }

    boolean isPayloadTruncated() {
        return payloadTruncated;
    }

    boolean isControlTruncated() {
        return controlTruncated;
    }

    UnixAddress sender() {
        return senderLength == 0
                ? UnixAddress.unnamed()
                : UnixAddress.ofSunPath(SockaddrUn.read(block.name(), senderLength));
    }

    /** What it held must be closed by now. */
    private void forgetReceived() {
        ancillary.found().clear();
        received = true;
        bytes = 0;
        packetBytes = 0;
        payloadTruncated = false;
        controlTruncated = false;
        senderLength = 0;
        payload.position(0).limit(0);
    }

    // ---- The end

    void clear() {
        held.closeAll();
        forgetReceived();
        received = false;
        buffers.clear();
        for (int i = 0; i < fdCount; i++) {
            fds[i] = null;
        }
        fdCount = 0;
        nameLength = 0;
        credentials = null;
        sentBytes = 0;
        partlySentOn = null;
        payload.clear();
    }

    /** Empties the message and lets go of the caller's memory for good. */
    void forget() {
        clear();
        buffers.forget();
    }
}
