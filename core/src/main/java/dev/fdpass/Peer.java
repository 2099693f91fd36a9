package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SO_PEERPIDFD;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.linux.Ucred;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who made the other end of a connected socket, as the kernel noted it at {@code connect(2)}, {@code listen(2)} or
 * {@code socketpair(2)}. It cannot be forged; but whoever made that end may have passed it on since, so it does not say
 * who sends. For that see {@link ScmOption#SO_PASSCRED}.
 *
 * <p>Safe for use by several threads. All methods throw {@link java.nio.channels.ClosedChannelException} once the socket
 * is closed, and {@link IllegalStateException} where the kernel knows no peer: the socket is not connected, or it is a
 * datagram socket that was connected by address. Man pages: {@code unix(7)}, {@code socket(7)}.
 */
public final class Peer {
    private final OwnedFd socket;

    Peer(OwnedFd socket) {
        this.socket = socket;
    }

    /**
     * Process, effective user and effective group, {@code SO_PEERCRED}.
     *
     * @return what they were at the time
     * @throws IOException if the socket is closed
     */
    public Credentials credentials() throws IOException {
        return socket.use(number -> {
            Ucred[] ucred = new Ucred[1];
            Errors.check("getsockopt(SO_PEERCRED)", SocketOptions.peerCredentials(number, ucred));
            if (ucred[0].uid() == -1) {
                throw unknown();
            }
            return Credentials.of(ucred[0].pid(), ucred[0].uid(), ucred[0].gid());
        });
    }

    /**
     * Supplementary groups, {@code SO_PEERGROUPS} (Linux 4.13).
     *
     * @return group numbers, unsigned 32-bit ones; the group of {@link #credentials} need not be among them
     * @throws IOException if the socket is closed
     */
    public Set<Long> groups() throws IOException {
        int[][] numbers = new int[1][];
        long result = socket.use(number -> SocketOptions.peerGroups(number, numbers));
        if (Errno.ENODATA.is(result)) {
            throw unknown();
        }
        Errors.check("getsockopt(SO_PEERGROUPS)", result);
        Set<Long> groups = new TreeSet<>();
        for (int group : numbers[0]) {
            groups.add(Integer.toUnsignedLong(group));
        }
        return groups;
    }

    /**
     * The process itself, {@code SO_PEERPIDFD} (Linux 6.5): its number may be another's by now, this cannot.
     *
     * @return the process, to be closed
     * @throws UnsupportedOperationException if the kernel is older; {@link #isPidFdSupported} tells
     * @throws ErrnoException if the process has ended ({@code ESRCH}, {@code EINVAL}; newer kernels give a descriptor
     *     for it all the same), or no more descriptors can be had ({@code EMFILE})
     * @throws IOException if the socket is closed
     */
    public PidFd pidFd() throws IOException {
        long result = socket.use(number -> SocketOptions.get(number, SO_PEERPIDFD));
        if (Errno.ENODATA.is(result)) {
            throw unknown();
        }
        if (Errno.ENOPROTOOPT.is(result)) {
            throw new UnsupportedOperationException("this kernel has no SO_PEERPIDFD; it needs Linux 6.5");
        }
        Errors.check("getsockopt(SO_PEERPIDFD)", result);
        return new PidFd(OwnedFd.ofNew((int) result, "the peer of socket", socket.number()));
    }

    /** {@return whether the kernel has {@code SO_PEERPIDFD}, and {@link #pidFd} works} */
    public static boolean isPidFdSupported() {
        return ScmOption.SO_PASSPIDFD.isSupported(); // they came together
    }

    /**
     * The security label, {@code SO_PEERSEC}, for example that of SELinux.
     *
     * @return the label, or empty where no security module gives any
     * @throws IOException if the socket is closed
     */
    public Optional<String> securityLabel() throws IOException {
        byte[][] label = new byte[1][];
        long result = socket.use(number -> SocketOptions.peerSecurity(number, label));
        if (Errno.ENOPROTOOPT.is(result)) {
            return Optional.empty();
        }
        Errors.check("getsockopt(SO_PEERSEC)", result);
        return Optional.of(new String(label[0], UTF_8));
    }

    private static IllegalStateException unknown() {
        return new IllegalStateException("the kernel knows no peer of this socket: it is not connected, or a datagram"
                + " socket connected by address");
    }
}
