package dev.fdpass.tube;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import java.io.IOException;

/** The three types of socket, for what holds on all of them. */
enum SocketKind {
    STREAM,
    SEQPACKET,
    DATAGRAM;

    SocketPair<? extends ScmSocket> pair() throws IOException {
        return switch (this) {
            case STREAM -> UnixStream.pair();
            case SEQPACKET -> UnixSeqpacket.pair();
            case DATAGRAM -> UnixDatagram.pair();
        };
    }

    /** Two tubes that are connected by such sockets. */
    <S, R> TubePair<S, R> tubes(Class<S> first, Class<R> second) throws IOException {
        SocketPair<? extends ScmSocket> pair = pair();
        try {
            return new TubePair<>(Tube.over(pair.first(), first, second), Tube.over(pair.second(), second, first));
        } catch (Throwable t) {
            pair.close();
            throw t;
        }
    }
}
