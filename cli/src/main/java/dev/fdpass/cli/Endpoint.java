package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixListener;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.util.List;

/** Finds the peer at an address. */
final class Endpoint {
    private Endpoint() {}

    /** Connects to whoever listens there. */
    static ScmSocket connect(SocketType type, UnixAddress address, Deadline deadline) throws IOException {
        String what = "a place in the queue of " + address;
        return type == SocketType.STREAM
                ? deadline.onceSomebodyListens(address, what, left -> UnixStream.connect(address, left))
                : deadline.onceSomebodyListens(address, what, left -> UnixSeqpacket.connect(address, left));
    }

    /** Listens there for one connection, of whomever, and no longer. */
    static ScmSocket accept(SocketType type, UnixAddress address, Deadline deadline) throws IOException {
        return accept(type, address, true, deadline);
    }

    /** As the other; connections of another user than this one and root are told of and closed, unless any is welcome. */
    static ScmSocket accept(SocketType type, UnixAddress address, boolean isAnyUser, Deadline deadline)
            throws IOException {
        return type == SocketType.STREAM
                ? accept(Ending.opens(() -> UnixStreamListener.bind(address)), address, isAnyUser, deadline)
                : accept(Ending.opens(() -> UnixSeqpacketListener.bind(address)), address, isAnyUser, deadline);
    }

    private static <S extends ScmSocket> S accept(
            UnixListener<S> bound, UnixAddress address, boolean isAnyUser, Deadline deadline) throws IOException {
        try (UnixListener<S> listener = bound) {
            while (true) {
                S connection = deadline.await("a connection to " + address, listener::accept);
                if (isAnyUser || isOfSameUser(connection)) {
                    return connection;
                }
            }
        }
    }

    private static boolean isOfSameUser(ScmSocket connection) throws IOException {
        try {
            Credentials peer = connection.peer().credentials();
            if (SameUser.is(peer)) {
                return true;
            }
            Failures.tell("a connection of user " + peer.uid() + " was closed");
        } catch (Throwable t) {
            Closing.because(t, List.of(connection));
            throw t;
        }
        connection.close();
        return false;
    }
}
