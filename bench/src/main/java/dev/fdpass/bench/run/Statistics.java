package dev.fdpass.bench.run;

import java.util.Arrays;

/** Medians and the like. */
public final class Statistics {
    private Statistics() {}

    public static double median(double... values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that at least this share of the values does not exceed. */
    public static double percentile(double share, double... values) {
        double[] sorted = sorted(values);
        return sorted[Math.clamp((int) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }

    public static double least(double... values) {
        return sorted(values)[0];
    }

    public static double most(double... values) {
        return sorted(values)[values.length - 1];
    }

    /** Round by round: what this one took, divided by what the other took in the same round. */
    public static double[] pairedRatios(double[] values, double[] others) {
        if (values.length != others.length) {
            throw new IllegalArgumentException(values.length + " rounds and " + others.length);
        }
        double[] ratios = new double[values.length];
        Arrays.setAll(ratios, i -> values[i] / others[i]);
        return ratios;
    }

    private static double[] sorted(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
