package dev.fdpass;

import dev.fdpass.linux.SocketConstants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One control message ({@code struct cmsghdr} and its data), as {@link Cmsg} reads and writes it. Immutable. Numbers in
 * it own nothing: this is for looking at control buffers, not for passing descriptors.
 *
 * @param level {@code cmsg_level}, for example {@link #SOL_SOCKET}
 * @param type {@code cmsg_type}, for example {@link #SCM_RIGHTS}
 * @param data the bytes after the header, in native byte order
 *
 * <p>Man page: {@code cmsg(3)}.
 */
public record ControlMessage(int level, int type, ByteBuffer data) {
    /** The level of the messages that carry descriptors: {@value}. */
    public static final int SOL_SOCKET = SocketConstants.SOL_SOCKET;
    /** The type of the message that carries descriptors: {@value}. */
    public static final int SCM_RIGHTS = SocketConstants.SCM_RIGHTS;

    /** Copies the remaining bytes of {@code data}. */
    public ControlMessage {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining());
        copy.put(data.duplicate()).flip();
        data = copy.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * A message that carries descriptors.
     *
     * @param fds descriptor numbers
     * @return an {@code SCM_RIGHTS} message
     */
    public static ControlMessage rights(int... fds) {
        ByteBuffer data = ByteBuffer.allocate(fds.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        data.asIntBuffer().put(fds);
        return new ControlMessage(SOL_SOCKET, SCM_RIGHTS, data);
    }

    /** {@return a read-only view of the bytes after the header, in native byte order} */
    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.nativeOrder());
    }

    /** {@return whether this message carries descriptors} */
    public boolean isRights() {
        return level == SOL_SOCKET && type == SCM_RIGHTS;
    }

    /** {@return the descriptor numbers in this message; none if it is of another type} */
    public int[] fds() {
        if (!isRights()) {
            return new int[0];
        }
        int[] fds = new int[data.remaining() / Integer.BYTES];
        data().asIntBuffer().get(fds);
        return fds;
    }
}
