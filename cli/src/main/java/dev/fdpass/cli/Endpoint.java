package dev.fdpass.cli;

import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixListener;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;

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

    /** Listens there for one connection, and no longer. */
    static ScmSocket accept(SocketType type, UnixAddress address, Deadline deadline) throws IOException {
        return type == SocketType.STREAM
                ? accept(UnixStreamListener.bind(address), address, deadline)
                : accept(UnixSeqpacketListener.bind(address), address, deadline);
    }

    private static <S extends ScmSocket> S accept(UnixListener<S> bound, UnixAddress address, Deadline deadline)
            throws IOException {
        try (UnixListener<S> listener = bound) {
            Ending.closes(listener);
            return deadline.await("a connection to " + address, listener::accept);
        }
    }
}
