package dev.fdpass.bench.pollers;

import dev.fdpass.bench.run.Statistics;
import java.io.IOException;

/** One work of one kind of crowd with so many ready, and what each round of it took. */
final class Cell {
    /** About so many sockets are made ready in a round, some at a time. */
    private static final int READY_IN_ROUND = 10_000;

    private final Work work;
    private final Crowd.Maker maker;
    private final int size;
    private final int ready;
    private final boolean same;
    private final double[] nanos;
    private int begin;

    Cell(Work work, Crowd.Maker maker, int size, int ready, boolean same, int rounds) {
        this.work = work;
        this.maker = maker;
        this.size = size;
        this.ready = ready;
        this.same = same;
        nanos = new double[rounds];
    }

    /** Sockets that stand far apart are made ready, others each time unless it should always be the same. */
    private double time(Crowd crowd) throws IOException {
        int times = Math.max(1, Math.min(READY_IN_ROUND, size) / ready);
        int distance = size / ready;
        Samples samples = new Samples(times * ready); // an await finds one at least
        for (int i = 0; i < times; i++) {
            for (int j = 0; j < ready; j++) {
                crowd.makeReady((begin + j * distance) % size);
            }
            work.time(crowd, ready, samples);
            begin = same ? 0 : (begin + 1) % distance;
        }
        return samples.median();
    }

    /** A round to be counted, or a negative number for one that is not. */
    void round(Crowd crowd, int number) throws IOException {
        double took = time(crowd);
        if (number >= 0) {
            nanos[number] = took;
        }
    }

    Work work() {
        return work;
    }

    Crowd.Maker maker() {
        return maker;
    }

    int ready() {
        return ready;
    }

    double medianNanos() {
        return Statistics.median(nanos);
    }

    /** The median of what it took in each round, divided by what the other took in the same round. */
    double ratioTo(Cell other) {
        return Statistics.median(Statistics.pairedRatios(nanos, other.nanos));
    }
}
