package dev.fdpass.linux;

import static dev.fdpass.linux.SocketConstants.SOCK_STREAM;

/**
 * Which options of a socket put control messages of their own into each receive, as bits, and how much room those take.
 * Whoever shares the socket may have set them; without room for theirs the kernel would drop descriptors, and with too
 * much of it install some that nobody asked for.
 */
public final class ControlRoom {
    static final int TIMESTAMP = 1;
    static final int TIMESTAMPING = 1 << 1;
    static final int CREDENTIALS = 1 << 2;
    static final int SECURITY = 1 << 3;
    static final int PIDFD = 1 << 4;
    /** {@code SO_INQ} of a stream, which the kernel does not say: known once its message was seen. */
    static final int INQ = 1 << 5;

    /** Every option: room for whatever they add. */
    public static final int ALL = (1 << 6) - 1;

    /** Room where no descriptor fits, and that shows at least what it is if the kernel cuts off something else. */
    public static final int HEADER = Cmsghdr.HEADER_SIZE;

    /** Bytes of a label that there is room for; those of SELinux and AppArmor are shorter. */
    private static final int SECURITY_SIZE = 256;

    /** By the options. */
    private static final int[] ROOMS = new int[ALL + 1];

    static {
        for (int options = 0; options <= ALL; options++) {
            ROOMS[options] = of(options, TIMESTAMP, ControlReader.TIMESTAMP_SIZE)
                    + of(options, TIMESTAMPING, 3 * ControlReader.TIMESTAMP_SIZE)
                    + of(options, CREDENTIALS, Ucred.SIZE)
                    + of(options, SECURITY, SECURITY_SIZE)
                    + of(options, PIDFD, ControlReader.FD_SIZE)
                    + of(options, INQ, Integer.BYTES);
        }
    }

    private ControlRoom() {}

    /** Bytes that the messages of these options take. */
    public static int bytes(int options) {
        return ROOMS[options];
    }

    private static int of(int options, int option, int size) {
        return (options & option) == 0 ? 0 : (int) Cmsghdr.space(size);
    }

    /** The options that are set on a Unix-domain socket now, or the negated error number. */
    public static long ask(int socket) {
        long type = SocketOptions.get(socket, SocketConstants.SO_TYPE);
        if (type < 0) {
            return type;
        }
        long options = type == SOCK_STREAM ? 0 : askTimestamps(socket); // streams carry none
        options = or(options, ask(socket, SocketConstants.SO_PASSCRED, CREDENTIALS));
        options = or(options, ask(socket, SocketConstants.SO_PASSSEC, SECURITY));
        return or(options, ask(socket, SocketConstants.SO_PASSPIDFD, PIDFD));
    }

    private static long askTimestamps(int socket) {
        long options = ask(socket, SocketConstants.SO_TIMESTAMP, TIMESTAMP);
        options = or(options, ask(socket, SocketConstants.SO_TIMESTAMPNS, TIMESTAMP));
        options = or(options, ask(socket, SocketConstants.SO_TIMESTAMP_NEW, TIMESTAMP));
        options = or(options, ask(socket, SocketConstants.SO_TIMESTAMPNS_NEW, TIMESTAMP));
        // Without those, the next does nothing.
        return options <= 0 ? options : or(options, ask(socket, SocketConstants.SO_TIMESTAMPING, TIMESTAMPING));
    }

    private static long ask(int socket, int name, int option) {
        long value = SocketOptions.get(socket, name);
        if (value < 0 && !Errno.ENOPROTOOPT.is(value)) { // an older kernel, which adds nothing then
            return value;
        }
        return value > 0 ? option : 0;
    }

    private static long or(long options, long more) {
        return options < 0 ? options : more < 0 ? more : options | more;
    }

    /**
     * Whether a message that lacked room gives reason to ask again: it showed what is not known to be set, or it may have
     * been a pidfd, which stands behind the descriptors and does not show if they fill the room.
     *
     * @param known the options that there was room for
     * @param seen those whose messages were found, perhaps cut
     */
    public static boolean isOutdated(int socket, int known, int seen) {
        return (seen & ~known) != 0
                || ((known & PIDFD) == 0 && ask(socket, SocketConstants.SO_PASSPIDFD, PIDFD) == PIDFD);
    }

    /** {@link #ask}, and those of {@code seen} that the kernel does not say. */
    public static long askAgain(int socket, int seen) {
        return or(ask(socket), seen & INQ);
    }
}
