package dev.fdpass.bench.soak;

import dev.fdpass.bench.StatusLine;
import java.io.PrintStream;
import java.util.Locale;

/** Says on standard error how far it is: in one line that changes on a terminal, else in a line every few seconds. */
final class Progress {
    private static final double EVERY_SECONDS = 5;
    private static final double MILLION = 1e6;

    private final StatusLine line;
    private final Counts counts;
    private final double total;
    private double nextAt;

    Progress(PrintStream out, boolean isTerminal, Counts counts, double total) {
        line = new StatusLine(out, isTerminal);
        this.counts = counts;
        this.total = total;
    }

    /** To be called often. */
    void show(double seconds, String what) {
        if (!line.isTerminal() && seconds < nextAt) {
            return;
        }
        nextAt = seconds + EVERY_SECONDS;
        double announced = counts.announced.sum();
        line.show(String.format(
                Locale.ROOT,
                "soak: %3.0f of %.0f s, %s: %.2f million descriptors (%.2f million/s), %.0f %% truncated; %d conversations,"
                        + " %d killed, %d timeouts",
                seconds,
                total,
                what,
                announced / MILLION,
                announced / MILLION / Math.max(seconds, 0.1),
                100 * counts.truncated.sum() / Math.max(announced, 1),
                counts.connections.sum(),
                counts.killed.sum(),
                counts.timeouts.sum()));
    }

    /** Makes way for other lines. */
    void end() {
        line.clear();
    }
}
