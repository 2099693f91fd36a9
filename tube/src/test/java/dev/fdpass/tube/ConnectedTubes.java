package dev.fdpass.tube;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.SocketType;
import java.io.IOException;

/** Two tubes that are connected by sockets of any type. */
final class ConnectedTubes {
    private ConnectedTubes() {}

    static <S, R> TubePair<S, R> over(SocketType type, Class<S> first, Class<R> second) throws IOException {
        SocketPair<? extends ScmSocket> pair = type.pair();
        try {
            return new TubePair<>(Tube.over(pair.first(), first, second), Tube.over(pair.second(), second, first));
        } catch (Throwable t) {
            pair.close();
            throw t;
        }
    }
}
