package dev.fdpass.bench.scaling;

import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.Plan;
import dev.fdpass.bench.run.Progress;
import dev.fdpass.bench.run.Rounds;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.Statistics;
import dev.fdpass.bench.run.Threads;
import dev.fdpass.bench.run.UnavailableException;
import dev.fdpass.bench.run.peers.C;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures all points in the same rounds, so that a slow phase of the machine hits all alike and bends no line. It is all on
 * one thread: what a stream does not hold at once goes in turns of sending and receiving. With two threads a message larger
 * than the socket's buffer would show the scheduler's wake-ups, and only such a message.
 */
final class Scaling {
    static final String FDPASS = "fdpass";
    static final String C_PLAIN = "c";
    static final String C_TRICKS = "c-tricks";
    static final List<String> CONTENDERS = List.of(FDPASS, C_PLAIN, C_TRICKS);

    private static final int MOST_FDS = 253;

    private final C plain = C.plain();
    private final C tricks = C.tricks();
    private final Plan plan;
    private final Progress progress;

    Scaling(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    List<Point> run(List<Panel> panels) throws IOException, UnavailableException {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        try (SentFds sent = SentFds.open(MOST_FDS);
                Threads threads = new Threads()) {
            try {
                for (Panel panel : panels) {
                    for (int count : panel.counts()) {
                        for (String contender : CONTENDERS) {
                            lanes.put(name(panel, count, contender), open(panel, count, contender, sent));
                        }
                    }
                }
                progress.say("scaling: " + lanes.size() / CONTENDERS.size() + " sizes of message, each by "
                        + String.join(", ", CONTENDERS) + "…");
                progress.stage("scaling: ");
                Map<String, Rounds.Samples> samples = new Rounds(lanes, threads, plan, progress).run();
                progress.end();
                return points(panels, samples);
            } finally {
                for (Lane lane : new ArrayList<>(lanes.values())) {
                    lane.close();
                }
            }
        }
    }

    private Lane open(Panel panel, int count, String contender, SentFds sent) throws IOException, UnavailableException {
        int bytes = panel.bytes(count);
        int buffers = panel.buffers(count);
        int fds = panel.fds(count);
        return switch (contender) {
            case FDPASS -> new FdpassFlow(bytes, buffers, fds, sent);
            case C_PLAIN -> plain.openFlow(bytes, buffers, fds, sent);
            default -> tricks.openFlow(bytes, buffers, fds, sent);
        };
    }

    private static List<Point> points(List<Panel> panels, Map<String, Rounds.Samples> samples) {
        List<Point> points = new ArrayList<>();
        for (Panel panel : panels) {
            for (int count : panel.counts()) {
                Rounds.Samples floor = get(samples, name(panel, count, C_PLAIN));
                for (String contender : CONTENDERS) {
                    Rounds.Samples own = get(samples, name(panel, count, contender));
                    points.add(new Point(
                            panel,
                            count,
                            contender,
                            Statistics.median(own.nanos()),
                            Statistics.median(Statistics.pairedRatios(own.nanos(), floor.nanos())),
                            Statistics.median(own.bytes())));
                }
            }
        }
        return points;
    }

    private static Rounds.Samples get(Map<String, Rounds.Samples> samples, String name) {
        return Objects.requireNonNull(samples.get(name));
    }

    private static String name(Panel panel, int count, String contender) {
        return contender + ", " + count + " " + panel.one() + (count == 1 ? "" : "s");
    }
}
