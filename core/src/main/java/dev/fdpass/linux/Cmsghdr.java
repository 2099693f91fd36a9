package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * {@code struct cmsghdr} and the arithmetic of {@code cmsg(3)} on a 64-bit machine. Pure: reads and writes memory,
 * makes no system call, and never looks outside the {@code controllen} bytes it is given.
 */
public final class Cmsghdr {
    /** {@code sizeof(struct cmsghdr)}: {@code size_t cmsg_len; int cmsg_level; int cmsg_type}. */
    public static final int HEADER_SIZE = 16;
    /** Control messages begin at multiples of {@code sizeof(long)}. */
    public static final int ALIGNMENT = 8;
    /** {@link #first} and {@link #next}: there is no further message. */
    public static final long END = -1;
    /** {@link #first} and {@link #next}: a length that is shorter than its header or runs past the end. */
    public static final long MALFORMED = -2;

    static final int LEN = 0;
    static final int LEVEL = 8;
    static final int TYPE = 12;

    private Cmsghdr() {}

    /** {@code CMSG_ALIGN}: {@code length} rounded up to where the next control message may begin. */
    public static long align(long length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** {@code CMSG_SPACE}: bytes that a message with {@code length} bytes of data occupies, padding included. */
    public static long space(long length) {
        return HEADER_SIZE + align(length);
    }

    /** {@code CMSG_LEN}: the value of {@code cmsg_len} for {@code length} bytes of data, padding excluded. */
    public static long len(long length) {
        return HEADER_SIZE + length;
    }

    /** {@code CMSG_FIRSTHDR}: the offset of the first message, {@link #END} or {@link #MALFORMED}. */
    public static long first(MemorySegment control, long controllen) {
        return at(control, controllen, 0);
    }

    /** {@code CMSG_NXTHDR}: the offset of the message after the one at {@code offset}, {@link #END} or {@link #MALFORMED}. */
    public static long next(MemorySegment control, long controllen, long offset) {
        // The length was checked against what remains when this offset was given out, so the sum cannot overflow.
        return at(control, controllen, offset + align(len(control, offset, 0)));
    }

    private static long at(MemorySegment control, long controllen, long offset) {
        long remaining = controllen - offset;
        if (remaining < HEADER_SIZE) {
            // Less than a header is padding, or a header that the kernel had no room for: nothing to read.
            return END;
        }
        long length = control.get(JAVA_LONG_UNALIGNED, offset + LEN);
        return length < HEADER_SIZE || length > remaining ? MALFORMED : offset;
    }

    private static long len(MemorySegment control, long offset, long header) {
        return control.get(JAVA_LONG_UNALIGNED, offset + LEN) - header;
    }

    /** Bytes of data ({@code cmsg_len - CMSG_LEN(0)}) of the message at {@code offset}. */
    public static long dataLength(MemorySegment control, long offset) {
        return len(control, offset, HEADER_SIZE);
    }

    /** {@code CMSG_DATA}: where the data of the message at {@code offset} begins. */
    public static long data(long offset) {
        return offset + HEADER_SIZE;
    }

    /** {@code cmsg_level} of the message at {@code offset}. */
    public static int level(MemorySegment control, long offset) {
        return control.get(JAVA_INT_UNALIGNED, offset + LEVEL);
    }

    /** {@code cmsg_type} of the message at {@code offset}. */
    public static int type(MemorySegment control, long offset) {
        return control.get(JAVA_INT_UNALIGNED, offset + TYPE);
    }

    /** Writes the header of a message with {@code dataLength} bytes of data at {@code offset}. */
    public static void putHeader(MemorySegment control, long offset, long dataLength, int level, int type) {
        control.set(JAVA_LONG_UNALIGNED, offset + LEN, len(dataLength));
        control.set(JAVA_INT_UNALIGNED, offset + LEVEL, level);
        control.set(JAVA_INT_UNALIGNED, offset + TYPE, type);
    }
}
