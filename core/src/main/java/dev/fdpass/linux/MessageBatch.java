package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The array of {@code struct mmsghdr} for {@code sendmmsg(2)} and {@code recvmmsg(2)} of several {@link MessageBlock}s,
 * whose own headers are copied in before a call and back after it. Not thread-safe; its owner sees to that.
 */
public final class MessageBatch {
    /** {@code UIO_MAXIOV}: the kernel silently takes no more at once. */
    public static final int MAX_MESSAGES = SocketConstants.IOV_MAX;

    // struct mmsghdr, 64-bit; held against the C headers by a test
    static final int MSG_LEN = 56;
    static final int MMSGHDR_SIZE = 64;

    private static final int ERRNO_SIZE = 16;

    private final MemorySegment errno;
    private final MemorySegment headers;

    /** Room for so many messages. */
    public MessageBatch(int messages) {
        MemorySegment all = Arena.ofAuto().allocate(ERRNO_SIZE + (long) messages * MMSGHDR_SIZE, 16);
        errno = all.asSlice(0, ERRNO_SIZE);
        headers = all.asSlice(ERRNO_SIZE);
    }

    /** Where the error number of a call goes, for other calls of the owner. */
    public MemorySegment errno() {
        return errno;
    }

    /** Takes over what was prepared in {@code block} as message {@code index}. */
    public void load(int index, MessageBlock block) {
        block.copyHeaderTo(headers, (long) index * MMSGHDR_SIZE);
    }

    /** Gives {@code block} what the last receive said of message {@code index}. */
    public void store(int index, MessageBlock block) {
        block.copyHeaderFrom(headers, (long) index * MMSGHDR_SIZE);
    }

    /** Bytes that went, or that the packet had, of message {@code index}. */
    public int length(int index) {
        return headers.get(JAVA_INT, (long) index * MMSGHDR_SIZE + MSG_LEN);
    }

    /** {@code sendmmsg(2)}: how many messages went, or the negated error number of the first. */
    public long sendmmsg(int socket, int first, int count, int flags, Holds holds) {
        return call(Syscall.SENDMMSG, socket, first, count, flags, holds);
    }

    /** {@code recvmmsg(2)} without a timeout, which does not work as its page says: how many came, or the error. */
    public long recvmmsg(int socket, int count, int flags, Holds holds) {
        return call(Syscall.RECVMMSG, socket, 0, count, flags, holds);
    }

    private long call(Syscall syscall, int socket, int first, int count, int flags, Holds holds) {
        long vector = headers.address() + (long) first * MMSGHDR_SIZE;
        return holds.isEmpty()
                ? syscall.call(errno, socket, vector, count, flags)
                : syscall.callHolding(
                        errno, socket, vector, count, flags, 0, 0, holds.get(0), holds.get(1), holds.get(2));
    }
}
