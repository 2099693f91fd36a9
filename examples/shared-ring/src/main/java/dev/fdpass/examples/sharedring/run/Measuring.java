package dev.fdpass.examples.sharedring.run;

import dev.fdpass.bench.run.Progress;
import dev.fdpass.bench.run.Statistics;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures in alternating rounds: each contender has a turn in every one of them, and the order rotates. */
final class Measuring implements AutoCloseable {
    private static final int MOST_COUNT = 1 << 20;
    private static final double TAIL = 0.99;
    private static final int FEWEST_TRIALS = 8;
    static final int WARM_UPS = 5;

    private final PeerProcess peer;
    private final Plan plan;
    private final Progress progress;
    private final Map<Contender, Lane> lanes = new EnumMap<>(Contender.class);
    private final Arena arena = Arena.ofShared();
    private final Payload payload = new Payload(arena);

    private Measuring(PeerProcess peer, Plan plan, Progress progress) {
        this.peer = peer;
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures all of it, with a process that is started for that and has ended afterwards. */
    static List<Result> run(Plan plan, Progress progress) throws IOException, InterruptedException {
        try (PeerProcess peer = PeerProcess.start()) {
            List<Result> results = new ArrayList<>();
            try (Measuring measuring = new Measuring(peer, plan, progress)) {
                measuring.open();
                measuring.warmUp();
                for (Work work : Work.values()) {
                    for (int size : plan.sizes()) {
                        progress.stage("run: " + work + ", " + size + " bytes: ");
                        results.addAll(measuring.measure(work, size));
                    }
                }
            } catch (IOException e) {
                throw peer.explained(e);
            }
            peer.end();
            return results;
        }
    }

    private void open() throws IOException {
        for (Contender contender : plan.contenders()) {
            lanes.put(contender, peer.open(contender, plan.capacity(), plan.spin()));
        }
    }

    /** Both JVMs compile what all works have in common: without that, the first one measured would pay for it. */
    private void warmUp() throws IOException {
        MemorySegment message = payload.message(arena, plan.sizes().getFirst());
        progress.stage("run: warming up, ");
        for (int i = 1; i <= WARM_UPS; i++) {
            for (Work work : Work.values()) {
                for (Contender contender : plan.contenders()) {
                    progress.show("time", i, WARM_UPS);
                    int unused = warmUp(work, contender, message);
                }
            }
        }
    }

    private List<Result> measure(Work work, int size) throws IOException {
        List<Contender> order = plan.contenders();
        Map<Contender, Integer> counts = new EnumMap<>(Contender.class);
        Map<Contender, Result> results = new EnumMap<>(Contender.class);
        MemorySegment message = payload.message(arena, size);
        for (Contender contender : order) {
            progress.show("warming up " + contender, results.size() + 1, order.size());
            counts.put(contender, warmUp(work, contender, message));
            results.put(
                    contender, new Result(work, size, contender, new double[plan.rounds()], new double[plan.rounds()]));
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < order.size(); i++) {
                Contender contender = order.get((round + i) % order.size());
                progress.show("round", round + 1, plan.rounds());
                Result result = Objects.requireNonNull(results.get(contender));
                int count = Objects.requireNonNull(counts.get(contender));
                if (work == Work.STREAM) {
                    result.nanos()[round] = stream(contender, message, count);
                    result.tail()[round] = Double.NaN;
                } else {
                    double[] nanos = pingPong(contender, message, count);
                    result.nanos()[round] = Statistics.median(nanos);
                    result.tail()[round] = Statistics.percentile(TAIL, nanos);
                }
            }
        }
        return List.copyOf(results.values());
    }

    /** For as long as a turn, or some more where messages are slow. Returns how many messages make a turn. */
    private int warmUp(Work work, Contender contender, MemorySegment message) throws IOException {
        double turn = (double) plan.turn().toNanos();
        long begin = System.nanoTime();
        int count = 1;
        double least = Double.MAX_VALUE; // where others use the processors, a few messages may take very long
        for (int i = 0; i < FEWEST_TRIALS || System.nanoTime() - begin < turn; i++) {
            long before = System.nanoTime();
            if (work == Work.STREAM) {
                double unused = stream(contender, message, count);
            } else {
                double[] unused = pingPong(contender, message, count);
            }
            least = Math.min(least, (double) (System.nanoTime() - before) / count);
            count = Math.min(countFor(turn / FEWEST_TRIALS, least), FEWEST_TRIALS * count);
        }
        return countFor(turn, least);
    }

    private static int countFor(double time, double nanosOfOne) {
        return Math.clamp((long) (time / nanosOfOne), 1, MOST_COUNT);
    }

    /** Nanoseconds for a message, until the receiver has checked the last and said so. */
    private double stream(Contender contender, MemorySegment message, int count) throws IOException {
        Lane lane = lane(contender);
        peer.order(new Order.Receive(contender, (int) message.byteSize(), count));
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Payload.stamp(message, i);
            lane.send(message);
        }
        payload.check(lane.receive(Payload.UNIT), count);
        return (double) (System.nanoTime() - begin) / count;
    }

    /** Nanoseconds of each round trip, until the answer is checked. */
    private double[] pingPong(Contender contender, MemorySegment message, int count) throws IOException {
        Lane lane = lane(contender);
        int size = (int) message.byteSize();
        double[] nanos = new double[count];
        peer.order(new Order.Echo(contender, size, count));
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            Payload.stamp(message, i);
            lane.send(message);
            payload.check(lane.receive(size), i);
            nanos[i] = (double) (System.nanoTime() - begin);
        }
        return nanos;
    }

    private Lane lane(Contender contender) {
        return Objects.requireNonNull(lanes.get(contender));
    }

    @Override
    public void close() throws IOException {
        try (arena) {
            for (Lane lane : lanes.values()) {
                lane.close();
            }
        }
    }
}
