package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address of a socket of any family as the kernel gave it: {@code struct sockaddr_in}, {@code sockaddr_in6} or
 * {@code sockaddr_un}; man pages {@code ip(7)}, {@code ipv6(7)}, {@code unix(7)}. Immutable.
 */
public final class Sockaddr {
    /** {@code sizeof(struct sockaddr_storage)}: room for an address of any family. */
    static final int SIZE = 128;

    static final int SIN_FAMILY = 0;
    static final int SIN_PORT = 2;
    static final int SIN_ADDR = 4;
    static final int SIN_SIZE = 16;

    static final int SIN6_ADDR = 8;
    static final int SIN6_SCOPE_ID = 24;
    static final int SIN6_SIZE = 28;

    private static final int IN_BYTES = 4;
    private static final int IN6_BYTES = 16;

    private final long result;
    private final byte[] bytes;

    private Sockaddr(long result, byte[] bytes) {
        this.result = result;
        this.bytes = bytes;
    }

    /** What a call wrote, if it went well. */
    static Sockaddr read(long result, MemorySegment from, int length) {
        int count = result < 0 ? 0 : Math.min(length, SIZE);
        return new Sockaddr(result, from.asSlice(0, count).toArray(JAVA_BYTE));
    }

    /** Writes it for the kernel, and returns its length. */
    int write(MemorySegment to) {
        MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, bytes.length);
        return bytes.length;
    }

    /** 0, or the negated error number. */
    public long result() {
        return result;
    }

    /** {@code AF_INET}, {@code AF_INET6}, {@code AF_UNIX}, …; 0 ({@code AF_UNSPEC}) if there is none. */
    public int family() {
        return bytes.length < SIN_PORT
                ? 0
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(SIN_FAMILY);
    }

    /** The Internet address, 4 or 16 bytes; null of another family. */
    public byte @Nullable [] inet() {
        if (family() == SocketConstants.AF_INET && bytes.length >= SIN_SIZE) {
            return Arrays.copyOfRange(bytes, SIN_ADDR, SIN_ADDR + IN_BYTES);
        }
        if (family() == SocketConstants.AF_INET6 && bytes.length >= SIN6_SIZE) {
            return Arrays.copyOfRange(bytes, SIN6_ADDR, SIN6_ADDR + IN6_BYTES);
        }
        return null;
    }

    /** The port of an Internet address; 0 if it is not bound. */
    public int port() {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(SIN_PORT)); // in network byte order
    }

    /** The interface that a link-local IPv6 address belongs to; 0 for none. */
    public int scope() {
        return family() == SocketConstants.AF_INET6
                ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(SIN6_SCOPE_ID)
                : 0;
    }

    /** {@code sun_path}, as {@link SockaddrUn#write} takes it. */
    public byte[] sunPath() {
        byte[] padded = Arrays.copyOf(bytes, SockaddrUn.SIZE);
        return SockaddrUn.read(MemorySegment.ofArray(padded), bytes.length);
    }
}
