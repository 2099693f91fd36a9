package dev.fdpass.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        }
        // Peers may have left threads behind.
        System.out.flush();
        System.exit(0);
    }

    private void measure(Work work, Threads threads) throws IOException {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        try (SentFds sent = SentFds.open(work.fds())) {
            try {
                for (Contender contender : contenders) {
                    open(contender, work, sent, lanes);
                }
                System.err.println("run: " + name + ", " + work + " (" + work.what() + "): "
                        + String.join(", ", lanes.keySet()) + "…");
                if (!lanes.containsKey(Contenders.FLOOR)) {
                    throw new IllegalStateException("without " + Contenders.FLOOR + " there are no ratios");
                }
                for (Result result : new Rounds(work, lanes, threads, plan).run()) {
                    System.out.println(result.toLine());
                }
            } finally {
                for (Lane lane : new ArrayList<>(lanes.values())) {
                    lane.close();
                }
            }
        }
    }

    private void open(Contender contender, Work work, SentFds sent, Map<String, Lane> lanes) throws IOException {
        if (missing.contains(contender.name())) {
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
            System.err.println("run: without " + contender.name() + ": " + e.getMessage());
        }
    }
}
