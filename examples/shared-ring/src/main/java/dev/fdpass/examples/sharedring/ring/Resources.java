package dev.fdpass.examples.sharedring.ring;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What is closed together, the last one first: at the end, or when one of several cannot be had. */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        all.push(resource);
        return resource;
    }

    void closeBecauseOf(Throwable cause) {
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes all, and throws what the first of those that failed threw. */
    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!all.isEmpty()) {
            try {
                all.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = e instanceof IOException io ? io : new IOException(e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
