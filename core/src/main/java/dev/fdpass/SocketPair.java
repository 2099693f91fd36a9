package dev.fdpass;

import java.io.Closeable;
import java.io.IOException;

/**
 * Two sockets that are connected to each other, {@code socketpair(2)}.
 *
 * @param first one end
 * @param second the other end
 * @param <S> their type
 */
public record SocketPair<S extends ScmSocket>(S first, S second) implements Closeable {
    /** Closes both ends. */
    @Override
    public void close() throws IOException {
        try (second) {
            first.close();
        }
    }
}
