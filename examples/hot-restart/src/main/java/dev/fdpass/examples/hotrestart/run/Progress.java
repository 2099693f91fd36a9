package dev.fdpass.examples.hotrestart.run;

import java.io.PrintStream;

/** How far it is, on standard error: in one line that changes on a terminal, else in a line now and then. */
final class Progress {
    private static final long EVERY_NANOS = 2_000_000_000;

    private final PrintStream out;
    private final boolean isTerminal;
    private String shownStage = "";
    private long shownAt;

    Progress(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /**
     * Shows a line that the next one may overwrite.
     *
     * @param stage what is being done; shown at once where it is another than before
     * @param details how far that is
     */
    synchronized void show(String stage, String details) {
        String line = "run: " + stage + details;
        if (isTerminal) {
            out.print("\r\033[K" + line);
            out.flush();
        } else if (!stage.equals(shownStage) || System.nanoTime() - shownAt >= EVERY_NANOS) {
            out.println(line);
            shownStage = stage;
            shownAt = System.nanoTime();
        }
    }

    /** Shows a line that stays. */
    synchronized void say(String line) {
        out.println((isTerminal ? "\r\033[K" : "") + line);
    }
}
