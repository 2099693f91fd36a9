package dev.fdpass.bench;

import java.io.PrintStream;

/** Where a command says how far it is: one line that changes on a terminal, else line after line. */
public final class StatusLine {
    private static final String AGAIN = "\r\033[K";

    private final PrintStream out;
    private final boolean isTerminal;

    /**
     * Nothing is shown yet.
     *
     * @param out where to say it
     * @param isTerminal whether a line can be written over
     */
    public StatusLine(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** {@return whether a line can be written over} */
    public boolean isTerminal() {
        return isTerminal;
    }

    /**
     * Shows how far it is, instead of what was shown before if that can be.
     *
     * @param line what to say
     */
    public void show(String line) {
        if (isTerminal) {
            out.print(AGAIN + line);
            out.flush();
        } else {
            out.println(line);
        }
    }

    /**
     * Shows a line that stays.
     *
     * @param line what to say
     */
    public void say(String line) {
        clear();
        out.println(line);
    }

    /** Makes way for other lines. */
    public void clear() {
        if (isTerminal) {
            out.print(AGAIN);
            out.flush();
        }
    }
}
