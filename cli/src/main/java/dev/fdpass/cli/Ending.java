package dev.fdpass.cli;

import java.io.Closeable;
import java.io.IOException;

/** What has to be done when the process is told to end (Ctrl-C), so that nothing is left behind. */
public final class Ending {
    private static volatile boolean begun;

    private Ending() {}

    /**
     * Closes something when the process ends.
     *
     * @param resource what would leave something behind; closing it twice must do no harm
     */
    public static void closes(Closeable resource) {
        Runtime.getRuntime().addShutdownHook(new Thread("ending") {
            @Override
            public void run() {
                begun = true;
                try {
                    resource.close();
                } catch (IOException e) {
                    // It ends anyway.
                }
            }
        });
    }

    /** Whether the process is ending, and what fails now fails for that reason. */
    static boolean hasBegun() {
        return begun;
    }
}
