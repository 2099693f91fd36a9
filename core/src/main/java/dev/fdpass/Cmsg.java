package dev.fdpass;

import dev.fdpass.linux.Cmsghdr;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * Control messages as {@code cmsg(3)} lays them out on a 64-bit Linux: the arithmetic, and a codec that makes no system
 * call and takes any bytes. Sockets need none of this; it is for those who speak to the kernel by another way.
 *
 * <p>Lengths are bytes. {@code space} counts the padding after the data, {@code len} does not: a control buffer of
 * {@code space(4 * n)} bytes may let the kernel install one descriptor more than {@code n}.
 */
public final class Cmsg {
    private Cmsg() {}

    /**
     * {@code CMSG_ALIGN}.
     *
     * @param length bytes, 0 or more
     * @return {@code length} rounded up to a multiple of 8
     */
    public static long align(long length) {
        return Cmsghdr.align(checkLength(length));
    }

    /**
     * {@code CMSG_SPACE}: what a control message occupies.
     *
     * @param length bytes of data, 0 or more
     * @return bytes of header, data and padding
     */
    public static long space(long length) {
        return Cmsghdr.space(checkLength(length));
    }

    /**
     * {@code CMSG_LEN}: the value of {@code cmsg_len}.
     *
     * @param length bytes of data, 0 or more
     * @return bytes of header and data
     */
    public static long len(long length) {
        return Cmsghdr.len(checkLength(length));
    }

    private static long checkLength(long length) {
        if (length < 0 || length > Long.MAX_VALUE - 64) {
            throw new IllegalArgumentException("the length is " + length + "; it must be 0 or more bytes");
        }
        return length;
    }

    /**
     * Writes control messages one after the other.
     *
     * @param control where to
     * @param messages what to write
     * @return the value for {@code msg_controllen}: bytes up to the end of the last message, without its padding
     * @throws IllegalArgumentException if they do not fit; nothing was written
     */
    public static long encode(MemorySegment control, List<ControlMessage> messages) {
        long needed = messages.stream()
                .mapToLong(message -> space(message.data().remaining()))
                .sum();
        if (needed > control.byteSize()) {
            throw new IllegalArgumentException("the control messages need " + needed + " bytes (the sum of their"
                    + " CMSG_SPACE); there are " + control.byteSize());
        }
        control.asSlice(0, needed).fill((byte) 0);
        long end = 0;
        long offset = 0;
        for (ControlMessage message : messages) {
            MemorySegment data = MemorySegment.ofBuffer(message.data());
            Cmsghdr.putHeader(control, offset, data.byteSize(), message.level(), message.type());
            MemorySegment.copy(data, 0, control, Cmsghdr.data(offset), data.byteSize());
            end = offset + len(data.byteSize());
            offset += space(data.byteSize());
        }
        return end;
    }

    /**
     * Reads all control messages. Fewer bytes than a header at the end are padding.
     *
     * @param control as many bytes as {@code msg_controllen} says
     * @return the messages in order
     * @throws ProtocolException if a {@code cmsg_len} is shorter than its header or runs past the end
     */
    public static List<ControlMessage> decode(MemorySegment control) throws ProtocolException {
        List<ControlMessage> messages = new ArrayList<>();
        long length = control.byteSize();
        long offset = Cmsghdr.first(control, length);
        while (offset >= 0) {
            MemorySegment data = control.asSlice(Cmsghdr.data(offset), Cmsghdr.dataLength(control, offset));
            messages.add(new ControlMessage(
                    Cmsghdr.level(control, offset), Cmsghdr.type(control, offset), data.asByteBuffer()));
            offset = Cmsghdr.next(control, length, offset);
        }
        if (offset == Cmsghdr.MALFORMED) {
            throw new ProtocolException("control message " + messages.size() + " of a buffer of " + length
                    + " bytes has a cmsg_len that is shorter than its header or runs past the end");
        }
        return messages;
    }
}
