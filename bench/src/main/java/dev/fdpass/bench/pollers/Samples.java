package dev.fdpass.bench.pollers;

import dev.fdpass.bench.run.Statistics;
import java.util.Arrays;

/** Times of single awaits, each divided by what it found. */
final class Samples {
    private final double[] values;
    private int count;

    /** Room for so many; there is no room for more. */
    Samples(int most) {
        values = new double[most];
    }

    void add(long nanos, int found) {
        values[count++] = (double) nanos / found;
    }

    /** That most awaits were not interrupted by another program makes this what an await takes. */
    double median() {
        return Statistics.median(Arrays.copyOf(values, count));
    }
}
