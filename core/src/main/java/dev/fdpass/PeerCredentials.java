package dev.fdpass;

import dev.fdpass.linux.Sockets;
import java.io.IOException;

/** Reads {@code SO_PEERCRED}. */
final class PeerCredentials {
    /** What the kernel gives as user and group where it knows no peer: {@code (uid_t) -1}. */
    private static final int UNKNOWN = -1;

    private PeerCredentials() {}

    static Credentials of(int socket) throws IOException {
        int[] ucred = new int[3];
        Errors.check("getsockopt(SO_PEERCRED)", Sockets.peerCredentials(socket, ucred));
        if (ucred[1] == UNKNOWN) {
            throw new IllegalStateException(
                    "the kernel knows no peer of this socket: it is not connected, or a datagram"
                            + " socket connected by address");
        }
        return new Credentials(ucred[0], Integer.toUnsignedLong(ucred[1]), Integer.toUnsignedLong(ucred[2]));
    }
}
