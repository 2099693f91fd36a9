package dev.fdpass.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Alternating rounds: in each every lane has one turn, and the order rotates. */
public final class Rounds {
    private static final int SINGLES_WARM_UP = 2000;

    private final Map<String, Lane> lanes;
    private final Threads threads;
    private final Plan plan;
    private final Progress progress;

    /**
     * What a lane took for one operation, round by round.
     *
     * @param nanos of each round
     * @param bytes allocated, of each round; NaN if they cannot be seen
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Samples(double[] nanos, double[] bytes) {}

    /**
     * Rounds to come.
     *
     * @param lanes with a name each
     * @param threads to run them
     * @param plan how long
     * @param progress to be told
     */
    public Rounds(Map<String, Lane> lanes, Threads threads, Plan plan, Progress progress) {
        this.lanes = lanes;
        this.threads = threads;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @return what each lane took, by its name
     * @throws IOException if anything fails
     */
    public Map<String, Samples> run() throws IOException {
        List<String> order = new ArrayList<>(lanes.keySet());
        Map<String, Integer> operations = new LinkedHashMap<>();
        Map<String, Samples> samples = new LinkedHashMap<>();
        for (String name : order) {
            operations.put(name, warmUp(name, operations.size() + 1));
            samples.put(name, new Samples(new double[plan.rounds()], new double[plan.rounds()]));
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < order.size(); i++) {
                String name = order.get((round + i) % order.size());
                progress.show("round", round + 1, plan.rounds());
                int count = get(operations, name);
                Turn turn = threads.run(get(lanes, name), count);
                get(samples, name).nanos()[round] = (double) turn.nanos() / count;
                get(samples, name).bytes()[round] = turn.bytes() < 0 ? Double.NaN : (double) turn.bytes() / count;
            }
        }
        return samples;
    }

    private static <T> T get(Map<String, T> map, String name) {
        return Objects.requireNonNull(map.get(name));
    }

    /** Short turns, so that C2 compiles it all. Returns how many operations make a turn. */
    private int warmUp(String name, int number) throws IOException {
        Lane lane = get(lanes, name);
        long end = System.nanoTime() + plan.warmUpMillis() * 1_000_000L;
        int count = 1;
        double nanos = 0;
        do {
            progress.show("warming up " + name, number, lanes.size());
            long before = System.nanoTime();
            threads.run(lane, count);
            nanos = (double) (System.nanoTime() - before) / count;
            count = Math.clamp((long) (300_000 / nanos), 1, 1_000_000);
        } while (System.nanoTime() < end);
        return Math.clamp((long) (plan.turnMillis() * 1e6 / nanos), 1, 10_000_000);
    }

    /** Nanoseconds of operations of one lane that are timed one by one. */
    double[] singles(String name) throws IOException {
        Lane lane = get(lanes, name);
        for (int i = 0; i < SINGLES_WARM_UP; i++) {
            threads.run(lane, 1);
        }
        double[] nanos = new double[plan.singles()];
        for (int i = 0; i < nanos.length; i++) {
            progress.show("one by one, " + name, i + 1, nanos.length);
            nanos[i] = threads.run(lane, 1).nanos();
        }
        return nanos;
    }
}
