package dev.fdpass.signals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The signal SIGINT, which a terminal sends to the programs in front of it. */
public final class CtrlC {
    private static final String LISTEN =
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])";

    private CtrlC() {}

    /**
     * A command that minds the signal, as one at a terminal does: what a shell runs in the background ignores it, and so does
     * whatever is started from there, unless told otherwise.
     *
     * @param command words of a command
     * @return words of one that becomes it
     */
    public static List<String> heardBy(List<String> command) {
        List<String> words = new ArrayList<>(List.of("python3", "-c", LISTEN));
        words.addAll(command);
        return words;
    }

    /** Sends it to one process. */
    public static void to(long pid) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
        if (status != 0) {
            throw new IOException("kill ended with status " + status);
        }
    }
}
