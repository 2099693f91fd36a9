package dev.fdpass.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** What has to be done when the process is told to end (Ctrl-C), so that nothing is left behind. */
public final class Ending {
    private static final Object OPENING = new Object();

    private static volatile boolean begun;

    static {
        try {
            atTheEnd(Ending::awaitOpening);
        } catch (IllegalStateException e) { // nothing was opened before, and nothing will be
            begun = true;
        }
    }

    private Ending() {}

    /**
     * Makes what would leave something behind.
     *
     * @param <T> what is made
     */
    @FunctionalInterface
    public interface Opening<T> {
        /** Makes it. */
        T open() throws IOException;
    }

    /**
     * Opens something and closes it when the process ends, also if that is told to while it is being opened.
     *
     * @param opening opens what would leave something behind, and waits for nobody; closing that twice must do no harm
     * @param <T> what is opened
     * @return it
     * @throws IOException if it cannot be opened, or the process is ending already
     */
    public static <T extends Closeable> T opens(Opening<T> opening) throws IOException {
        synchronized (OPENING) {
            if (begun) {
                throw new IOException("the process is ending");
            }
            T resource = opening.open();
            try {
                closes(resource);
                return resource;
            } catch (IllegalStateException e) { // it has begun; awaitOpening waits for this
                begun = true;
                IOException ending = new IOException("the process is ending", e);
                Closing.because(ending, List.of(resource));
                throw ending;
            } catch (Throwable t) { // for lack of memory
                Closing.because(t, List.of(resource));
                throw t;
            }
        }
    }

    /**
     * Closes something when the process ends.
     *
     * @param resource what would leave something behind; closing it twice must do no harm
     * @throws IllegalStateException if the process is ending already
     */
    public static void closes(Closeable resource) {
        atTheEnd(() -> {
            try {
                resource.close();
            } catch (IOException e) {
                // It ends anyway.
            }
        });
    }

    /** Keeps the machine from halting before what is just being opened is closed again; nothing is opened after that. */
    private static void awaitOpening() {
        synchronized (OPENING) {
            begun = true;
        }
    }

    private static void atTheEnd(Runnable action) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            begun = true;
                            action.run();
                        },
                        "ending"));
    }

    /** Whether the process is ending, and what fails now fails for that reason. */
    static boolean hasBegun() {
        return begun;
    }
}
