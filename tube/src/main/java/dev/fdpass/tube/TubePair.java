package dev.fdpass.tube;

import java.io.Closeable;
import java.io.IOException;

/**
 * Two tubes that are connected to each other.
 *
 * @param <S> what the first sends and the second receives
 * @param <R> what the second sends and the first receives
 * @param first one end
 * @param second the other end
 */
public record TubePair<S, R>(Tube<S, R> first, Tube<R, S> second) implements Closeable {
    /** Closes both. */
    @Override
    public void close() throws IOException {
        try (second) {
            first.close();
        }
    }
}
