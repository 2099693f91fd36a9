package dev.fdpass.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Closes several things, all of them: one that fails to close does not leave the others open. For
 * {@code try (Closing _ = new Closing(fds))}.
 */
public final class Closing implements Closeable {
    private final List<? extends Closeable> resources;

    /**
     * Of what is in a list when this is closed.
     *
     * @param resources which may be added to meanwhile
     */
    public Closing(List<? extends Closeable> resources) {
        this.resources = resources;
    }

    /**
     * Closes all.
     *
     * @param resources what to close
     * @throws IOException the first failure, with the others as suppressed ones
     */
    public static void all(List<? extends Closeable> resources) throws IOException {
        IOException failure = null;
        for (Closeable resource : resources) {
            try {
                resource.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Closes all because something else failed.
     *
     * @param reason what failed; failures to close are suppressed there
     * @param resources what to close
     */
    public static void because(Throwable reason, List<? extends Closeable> resources) {
        try {
            all(resources);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Closes all on a thread of its own: closing some files takes long, and whoever calls has others to serve. A failure is
     * told on standard error.
     *
     * @param resources what to close
     */
    public static void aside(List<? extends Closeable> resources) {
        if (resources.isEmpty()) {
            return;
        }
        List<Closeable> copy = new ArrayList<>(resources);
        Thread.ofPlatform().daemon().name("closing").start(() -> {
            try {
                all(copy);
            } catch (IOException e) {
                Failures.tell("while closing: " + e.getMessage());
            }
        });
    }

    @Override
    public void close() throws IOException {
        all(resources);
    }
}
