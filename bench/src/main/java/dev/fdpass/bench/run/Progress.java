package dev.fdpass.bench.run;

import dev.fdpass.bench.StatusLine;
import java.io.PrintStream;

/** Says on standard error how far it is: in one line that changes on a terminal, else in a line every two seconds. */
public final class Progress {
    private static final long TERMINAL_NANOS = 200_000_000;
    private static final long LINE_NANOS = 2_000_000_000;

    private final StatusLine line;
    private String stage = "";
    private long last = System.nanoTime();

    /**
     * The beginning.
     *
     * @param out where to say it
     * @param isTerminal whether a line can be written over
     */
    public Progress(PrintStream out, boolean isTerminal) {
        line = new StatusLine(out, isTerminal);
    }

    /** {@return the one of this process; whether standard error is a terminal only the shell can tell} */
    public static Progress ofProcess() {
        return new Progress(System.err, Boolean.getBoolean("bench.terminal"));
    }

    /**
     * A line that stays.
     *
     * @param text what to say
     */
    public void say(String text) {
        line.say(text);
        last = System.nanoTime();
    }

    /**
     * Names what comes next.
     *
     * @param what in words
     */
    public void stage(String what) {
        stage = what;
    }

    /**
     * To be called often: it costs next to nothing unless it is time to say something.
     *
     * @param step what goes on
     * @param done how many
     * @param total of how many
     */
    public void show(String step, int done, int total) {
        long now = System.nanoTime();
        if (now - last < (line.isTerminal() ? TERMINAL_NANOS : LINE_NANOS)) {
            return;
        }
        last = now;
        line.show(stage + step + " (" + done + " of " + total + ")");
    }

    /** Makes way for other lines. */
    public void end() {
        line.clear();
    }
}
