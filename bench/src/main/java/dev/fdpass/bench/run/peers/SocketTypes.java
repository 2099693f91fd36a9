package dev.fdpass.bench.run.peers;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.bench.run.Work;
import java.io.IOException;

/** Types of socket, as others know them. */
final class SocketTypes {
    static final int AF_UNIX = 1;

    private SocketTypes() {}

    static int number(Work.Kind kind) {
        return switch (kind) {
            case STREAM -> 1;
            case DATAGRAM -> 2;
            case SEQPACKET -> 5;
        };
    }

    /** Ends a connection that somebody else's code waits on: both ends wake. */
    static void shutDown(int number) throws IOException {
        try (OwnedFd fd = OwnedFd.duplicateOf(number);
                UnixSeqpacket socket = UnixSeqpacket.adopt(fd)) {
            socket.shutdownInput();
            socket.shutdownOutput();
        }
    }

    static SocketPair<? extends ScmSocket> pair(Work.Kind kind) throws IOException {
        return switch (kind) {
            case STREAM -> UnixStream.pair();
            case DATAGRAM -> UnixDatagram.pair();
            case SEQPACKET -> UnixSeqpacket.pair();
        };
    }
}
