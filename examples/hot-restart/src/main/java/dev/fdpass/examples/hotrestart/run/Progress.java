package dev.fdpass.examples.hotrestart.run;

import java.io.PrintStream;

/** How far it is, on standard error: in one line that changes on a terminal, else in a line now and then. */
final class Progress {
    private static final long EVERY_NANOS = 2_000_000_000;

    private final PrintStream out;
    private final boolean isTerminal;
    private long shownAt = System.nanoTime() - EVERY_NANOS;

    Progress(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Shows a line that the next one may overwrite, if it is time for one. */
    synchronized void show(String line) {
        if (isTerminal) {
            out.print("\r\033[K" + line);
            out.flush();
        } else if (System.nanoTime() - shownAt >= EVERY_NANOS) {
            shownAt = System.nanoTime();
            out.println(line);
        }
    }

    /** Shows a line that stays. */
    synchronized void say(String line) {
        out.println((isTerminal ? "\r\033[K" : "") + line);
    }
}
