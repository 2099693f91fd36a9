package dev.fdpass.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One work, measured in alternating rounds: in each every contender has one turn, and the order rotates. */
final class Rounds {
    private static final int SINGLES_WARM_UP = 2000;

    private final Work work;
    private final Map<String, Lane> lanes;
    private final Threads threads;
    private final Plan plan;

    Rounds(Work work, Map<String, Lane> lanes, Threads threads, Plan plan) {
        this.work = work;
        this.lanes = lanes;
        this.threads = threads;
        this.plan = plan;
    }

    List<Result> run() throws IOException {
        Map<String, Integer> operations = new LinkedHashMap<>();
        for (Map.Entry<String, Lane> lane : lanes.entrySet()) {
            operations.put(lane.getKey(), warmUp(lane.getValue()));
        }
        Map<String, double[]> nanos = new LinkedHashMap<>();
        Map<String, double[]> bytes = new LinkedHashMap<>();
        List<String> order = new ArrayList<>(lanes.keySet());
        for (String name : order) {
            nanos.put(name, new double[plan.rounds()]);
            bytes.put(name, new double[plan.rounds()]);
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < order.size(); i++) {
                String name = order.get((round + i) % order.size());
                int count = get(operations, name);
                Turn turn = threads.run(get(lanes, name), count);
                get(nanos, name)[round] = (double) turn.nanos() / count;
                get(bytes, name)[round] = turn.bytes() < 0 ? Double.NaN : (double) turn.bytes() / count;
            }
        }
        List<Result> results = new ArrayList<>();
        for (String name : order) {
            results.add(result(name, get(nanos, name), get(nanos, Contenders.FLOOR), get(bytes, name)));
        }
        return results;
    }

    private static <T> T get(Map<String, T> map, String name) {
        return Objects.requireNonNull(map.get(name));
    }

    /** Short turns, so that C2 compiles it all. Returns how many operations make a turn. */
    private int warmUp(Lane lane) throws IOException {
        long end = System.nanoTime() + plan.warmUpMillis() * 1_000_000L;
        int count = 1;
        double nanos = 0;
        while (System.nanoTime() < end) {
            long before = System.nanoTime();
            threads.run(lane, count);
            nanos = (double) (System.nanoTime() - before) / count;
            count = Math.clamp((long) (300_000 / nanos), 1, 1_000_000);
        }
        return Math.clamp((long) (plan.turnMillis() * 1e6 / nanos), 1, 10_000_000);
    }

    private Result result(String name, double[] nanos, double[] floor, double[] bytes) throws IOException {
        double[] ratios = Statistics.pairedRatios(nanos, floor);
        double[] singles = work == Work.W1 ? singles(get(lanes, name)) : new double[] {Double.NaN};
        return new Result(
                work,
                name,
                Statistics.median(nanos),
                Statistics.median(ratios),
                Statistics.least(ratios),
                Statistics.most(ratios),
                Statistics.median(bytes),
                Statistics.percentile(0.5, singles),
                Statistics.percentile(0.99, singles),
                Statistics.percentile(0.999, singles));
    }

    /** Operations that are timed one by one. */
    private double[] singles(Lane lane) throws IOException {
        for (int i = 0; i < SINGLES_WARM_UP; i++) {
            threads.run(lane, 1);
        }
        double[] nanos = new double[plan.singles()];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = threads.run(lane, 1).nanos();
        }
        return nanos;
    }
}
