package dev.fdpass.linux;

import static dev.fdpass.linux.SocketConstants.SCM_CREDENTIALS;
import static dev.fdpass.linux.SocketConstants.SCM_RIGHTS;
import static dev.fdpass.linux.SocketConstants.SOL_SOCKET;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The native memory of one message, laid out once and then only written in place: {@code struct msghdr} with its
 * iovec array, control buffer, address and payload. Not thread-safe; its owner sees to that.
 *
 * <p>The memory is the collector's (an automatic arena): such memory goes into a call as a bare address at no cost, and
 * no close can pull it from under the kernel. Whoever uses a block keeps it reachable until the call has returned.
 */
public final class MessageBlock {
    /** Room kept beside the descriptors for what options of a socket may add to a message. */
    public static final int MAX_OTHER_CONTROL = ControlRoom.bytes(ControlRoom.ALL);

    /** Buffers that there is room for without {@link #reserveBuffers}. */
    public static final int INITIAL_BUFFERS = 9;

    /** The buffer that is the message's own payload. */
    public static final int PAYLOAD = 0;

    private static final int FD_SIZE = ControlReader.FD_SIZE;

    // struct msghdr and struct iovec, 64-bit; held against the C headers by a test
    static final int MSG_NAME = 0;
    static final int MSG_NAMELEN = 8;
    static final int MSG_IOV = 16;
    static final int MSG_IOVLEN = 24;
    static final int MSG_CONTROL = 32;
    static final int MSG_CONTROLLEN = 40;
    static final int MSG_FLAGS = 48;
    static final int MSGHDR_SIZE = 56;

    static final int IOV_BASE = 0;
    static final int IOV_LEN = 8;
    static final int IOVEC_SIZE = 16;

    // The block
    private static final int ERRNO = 0;
    private static final int MSGHDR = 16;
    private static final int NAME = 80;
    private static final int IOVECS = 192;
    private static final int FIRST_IOVECS = INITIAL_BUFFERS;
    private static final int CONTROL = IOVECS + FIRST_IOVECS * IOVEC_SIZE;

    private final MemorySegment block;
    private final MemorySegment errno;
    private final MemorySegment name;
    private final MemorySegment control;
    private final MemorySegment payload;
    private final long msghdr;
    private MemorySegment iovecs;
    private int iovecsCapacity = FIRST_IOVECS;
    /** What the pointers of the header say, which the kernel only reads: they are written when this changes. */
    private long shape = -1;
    /** For how many descriptors a header stands at the beginning of the control buffer. */
    private int rights;
    /** The buffer to be sent if it is the only thing, or -1. */
    private int onlyBuffer = -1;
    /** Control room of the last receive. */
    private long offered;
    /** {@code msg_flags} of the last receive. */
    private int flags;

    /** A block with {@code payloadBytes} of its own memory and control room for {@code maxFds} descriptors. */
    public MessageBlock(int payloadBytes, int maxFds) {
        long controlSize = Cmsghdr.space((long) maxFds * FD_SIZE) + MAX_OTHER_CONTROL;
        long payloadOffset = (CONTROL + controlSize + 63) & -64;
        block = Arena.ofAuto().allocate(payloadOffset + payloadBytes, 64);
        errno = block.asSlice(ERRNO, 4);
        name = block.asSlice(NAME, SockaddrUn.SIZE);
        iovecs = block.asSlice(IOVECS, FIRST_IOVECS * IOVEC_SIZE);
        control = block.asSlice(CONTROL, controlSize);
        payload = block.asSlice(payloadOffset, payloadBytes);
        msghdr = block.address() + MSGHDR;
    }

    /** The message's own payload memory. */
    public MemorySegment payload() {
        return payload;
    }

    /** Where the error number of a call goes, for other calls of the block's owner. */
    public MemorySegment errno() {
        return errno;
    }

    /** Where the address goes ({@code struct sockaddr_un}). */
    public MemorySegment name() {
        return name;
    }

    /** Makes room for {@code count} buffers; those already set stay. */
    public void reserveBuffers(int count) {
        if (count > iovecsCapacity) {
            int capacity = Math.max(count, iovecsCapacity * 4);
            MemorySegment larger = Arena.ofAuto().allocate((long) capacity * IOVEC_SIZE, 16);
            larger.copyFrom(iovecs);
            iovecs = larger;
            iovecsCapacity = capacity;
            shape = -1;
        }
    }

    /** Sets how many bytes of its payload the message has. */
    public void payloadLength(long length) {
        buffer(PAYLOAD, payload.address(), length);
    }

    /** Sets buffer {@code index}: {@code struct iovec}. The caller keeps the memory behind the address alive. */
    public void buffer(int index, long address, long length) {
        iovecs.set(JAVA_LONG, (long) index * IOVEC_SIZE + IOV_BASE, address);
        iovecs.set(JAVA_LONG, (long) index * IOVEC_SIZE + IOV_LEN, length);
    }

    /** Moves the start of buffer {@code index} by {@code bytes}, backwards if negative. */
    public void shiftBuffer(int index, long bytes) {
        long at = (long) index * IOVEC_SIZE;
        buffer(index, iovecs.get(JAVA_LONG, at + IOV_BASE) + bytes, iovecs.get(JAVA_LONG, at + IOV_LEN) - bytes);
    }

    /** Sets descriptor {@code index} of the message about to be sent. */
    public void fd(int index, int number) {
        control.set(JAVA_INT, Cmsghdr.HEADER_SIZE + (long) index * FD_SIZE, number);
    }

    /**
     * Prepares the header of a message to be sent.
     *
     * @param credentials sent behind the descriptors, or null for what the kernel adds by itself
     * @param nameLength bytes of {@link #name()} that are the destination, 0 for none
     */
    public void prepareSend(int firstBuffer, int buffers, int fds, @Nullable Ucred credentials, int nameLength) {
        long controllen = 0;
        if (fds > 0) {
            if (fds != rights) {
                rights = 0;
                Cmsghdr.putHeader(control, 0, (long) fds * FD_SIZE, SOL_SOCKET, SCM_RIGHTS);
                rights = fds;
            }
            controllen = Cmsghdr.len((long) fds * FD_SIZE);
        }
        if (credentials != null) {
            controllen = Cmsghdr.align(controllen);
            rights = controllen == 0 ? 0 : rights;
            Cmsghdr.putHeader(control, controllen, Ucred.SIZE, SOL_SOCKET, SCM_CREDENTIALS);
            credentials.write(control, Cmsghdr.data(controllen));
            controllen += Cmsghdr.len(Ucred.SIZE);
        }
        onlyBuffer = buffers == 1 && controllen == 0 && nameLength == 0 ? firstBuffer : -1;
        prepare(firstBuffer, buffers, controllen, nameLength);
    }

    /**
     * {@code sendmsg(2)} of what was prepared: bytes sent, or the negated error number. One buffer and nothing else goes
     * with {@code sendto(2)}, which does the same and spares the kernel the way through a header.
     */
    public long sendmsg(int socket, int flags, Holds holds) {
        if (onlyBuffer < 0) {
            return call(Syscall.SENDMSG, socket, flags, holds);
        }
        long at = (long) onlyBuffer * IOVEC_SIZE;
        long address = iovecs.get(JAVA_LONG, at + IOV_BASE);
        long length = iovecs.get(JAVA_LONG, at + IOV_LEN);
        return holds.isEmpty()
                ? Syscall.SENDTO.call(errno, socket, address, length, flags, 0, 0)
                : Syscall.SENDTO.callHolding(
                        errno, socket, address, length, flags, 0, 0, holds.get(0), holds.get(1), holds.get(2));
    }

    /**
     * Prepares the header for a message to be received.
     *
     * <p>Control room is {@code otherControl} and exactly {@code CMSG_LEN} of {@code fds} descriptors: the kernel
     * installs as many as fit, padding included, so {@code CMSG_SPACE} would let one in that nobody asked for.
     */
    public void prepareReceive(int firstBuffer, int buffers, int fds, int otherControl, boolean withName) {
        long controllen = otherControl + (fds > 0 ? Cmsghdr.len((long) fds * FD_SIZE) : 0);
        offered = controllen;
        rights = 0;
        prepare(firstBuffer, buffers, controllen, withName ? SockaddrUn.SIZE : 0);
    }

    /** {@code recvmsg(2)} into what was prepared: bytes received, or the negated error number. */
    public long recvmsg(int socket, int flags, Holds holds) {
        return call(Syscall.RECVMSG, socket, flags, holds);
    }

    void copyHeaderTo(MemorySegment to, long at) {
        MemorySegment.copy(block, MSGHDR, to, at, MSGHDR_SIZE);
    }

    void copyHeaderFrom(MemorySegment from, long at) {
        MemorySegment.copy(from, at, block, MSGHDR, MSGHDR_SIZE);
    }

    private void prepare(int firstBuffer, int buffers, long controllen, int nameLength) {
        long wanted = ((long) firstBuffer << 32 | buffers) << 2 | (controllen == 0 ? 0 : 2) | (nameLength == 0 ? 0 : 1);
        if (wanted != shape) {
            shape = -1;
            point(firstBuffer, buffers, controllen != 0, nameLength != 0);
            shape = wanted;
        }
        block.set(JAVA_INT, MSGHDR + MSG_NAMELEN, nameLength);
        block.set(JAVA_LONG, MSGHDR + MSG_CONTROLLEN, controllen);
    }

    private void point(int firstBuffer, int buffers, boolean withControl, boolean withName) {
        MemorySegment m = block;
        m.set(JAVA_LONG, MSGHDR + MSG_NAME, withName ? name.address() : 0);
        m.set(JAVA_LONG, MSGHDR + MSG_IOV, iovecs.address() + (long) firstBuffer * IOVEC_SIZE);
        m.set(JAVA_LONG, MSGHDR + MSG_IOVLEN, buffers);
        m.set(JAVA_LONG, MSGHDR + MSG_CONTROL, withControl ? control.address() : 0);
    }

    private long call(Syscall syscall, int socket, int flags, Holds holds) {
        return holds.isEmpty()
                ? syscall.call(errno, socket, msghdr, flags)
                : syscall.callHolding(errno, socket, msghdr, flags, 0, 0, 0, holds.get(0), holds.get(1), holds.get(2));
    }

    /** {@code msg_flags} of the last receive whose control was taken: {@code MSG_TRUNC}, {@code MSG_CTRUNC}. */
    public boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    /** Bytes of {@link #name()} that the last receive filled; 0 for an unnamed sender. */
    public int nameLength() {
        return block.get(JAVA_INT, MSGHDR + MSG_NAMELEN);
    }

    /**
     * Takes what the last receive put into the control buffer, whatever stands there.
     *
     * @param into where the descriptors go
     * @param limit how many of them at most
     * @param found how many there are, and what else
     * @param surplus takes over those beyond the limit, before this returns
     */
    public void takeControl(int[] into, int limit, ControlSummary found, IntConsumer surplus) {
        flags = block.get(JAVA_INT, MSGHDR + MSG_FLAGS);
        long controllen = block.get(JAVA_LONG, MSGHDR + MSG_CONTROLLEN);
        // From here on the caller owns them; and a second walk finds nothing.
        block.set(JAVA_LONG, MSGHDR + MSG_CONTROLLEN, 0);
        boolean isFull = controllen == offered && hasFlag(SocketConstants.MSG_CTRUNC);
        ControlReader.read(control, controllen, isFull, into, limit, found);
        if (found.surplus() > 0) {
            ControlReader.forEachSurplus(control, controllen, limit, surplus);
        }
    }

    /** The sender's security label that the last receive brought, without the NUL at its end; until the next call. */
    public byte[] security(ControlSummary found) {
        return SocketOptions.withoutNul(
                control.asSlice(found.securityAt(), found.securityLength()).toArray(JAVA_BYTE));
    }
}
