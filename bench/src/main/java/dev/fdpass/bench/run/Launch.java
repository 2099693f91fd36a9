package dev.fdpass.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The program of one launch: measures in a JVM of its own, and writes a line of each result to standard output. */
public final class Launch {
    /** Begins a line that says who is missing, and why. */
    static final String MISSING = "missing\t";

    private final Plan plan;
    private final String name;
    private final List<Contender> contenders;
    private final Set<String> missing = new TreeSet<>();
    private final Progress progress = Progress.ofProcess();

    private Launch(String name, Plan plan, List<Contender> contenders) {
        this.name = name;
        this.plan = plan;
        this.contenders = contenders;
    }

    /**
     * Measures.
     *
     * @param arguments its name for the progress, quick or full, works, contenders
     * @throws IOException if anything fails
     */
    public static void main(String[] arguments) throws IOException {
        Plan plan = arguments[1].equals("quick") ? Plan.QUICK : Plan.FULL;
        List<String> chosen = Arrays.asList(arguments[3].split(",", -1));
        List<Contender> contenders = Contenders.all().stream()
                .filter(contender -> chosen.contains(contender.name()))
                .toList();
        Launch launch = new Launch(arguments[0], plan, contenders);
        try (Threads threads = new Threads()) {
            threads.start();
            for (String work : arguments[2].split(",", -1)) {
                launch.measure(Work.valueOf(work), threads);
            }
        } catch (UnavailableException e) {
            launch.progress.say("run: " + e.getMessage());
            System.exit(1);
        }
        // Peers may have left threads behind.
        System.out.flush();
        System.exit(0);
    }

    private void measure(Work work, Threads threads) throws IOException, UnavailableException {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        try (SentFds sent = SentFds.open(work.fds())) {
            try {
                for (Contender contender : contenders) {
                    open(contender, work, sent, lanes);
                }
                if (!lanes.containsKey(Contenders.FLOOR)) {
                    throw new UnavailableException("without " + Contenders.FLOOR + " there are no ratios");
                }
                progress.say("run: " + name + ", " + work + " (" + work.what() + "): "
                        + String.join(", ", lanes.keySet()) + "…");
                progress.stage("run: " + name + ", " + work + ", ");
                measure(work, lanes.keySet(), new Rounds(lanes, threads, plan, progress));
                progress.end();
            } finally {
                for (Lane lane : new ArrayList<>(lanes.values())) {
                    lane.close();
                }
            }
        }
    }

    private static void measure(Work work, Set<String> names, Rounds rounds) throws IOException {
        Map<String, Rounds.Samples> samples = rounds.run();
        Rounds.Samples floor = Objects.requireNonNull(samples.get(Contenders.FLOOR));
        for (String contender : names) {
            double[] singles = work == Work.W1 ? rounds.singles(contender) : new double[] {Double.NaN};
            Rounds.Samples own = Objects.requireNonNull(samples.get(contender));
            Rounds.Samples raw = work.isOfFrames() ? samples.get(Contenders.RAW) : null;
            System.out.println(
                    Result.of(work, contender, own, floor, raw, singles).toLine());
        }
    }

    private void open(Contender contender, Work work, SentFds sent, Map<String, Lane> lanes) throws IOException {
        if (missing.contains(contender.name()) || !work.isFor(contender.name())) {
            return;
        }
        try {
            Lane lane = contender.open(work, sent);
            if (lane != null) {
                lanes.put(contender.name(), lane);
            }
        } catch (UnavailableException e) {
            missing.add(contender.name());
            System.out.println(MISSING + contender.name() + ": " + e.getMessage());
            progress.say("run: without " + contender.name() + ": " + e.getMessage());
        }
    }
}
