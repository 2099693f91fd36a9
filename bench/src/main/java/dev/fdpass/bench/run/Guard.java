package dev.fdpass.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code bench/run --check} holds against results: a ratio to C that is far outside noise, or anything allocated by the
 * message door. What is suspicious is measured again, for longer, up to {@value #MOST_AGAIN} times, and counts if it is so
 * every time: that a machine is busy changes from one time to the next, that a library is slow does not. A ratio is
 * suspicious if both the median of the paired ones and that of the quicker rounds are: on an overloaded machine (nine programs
 * for two processors) the first alone was seen at 1.57 in W1, where it is 1.10 when quiet. At a load of 27 on two processors
 * both were beyond 1.3, once.
 */
final class Guard {
    /** Those who must allocate nothing. */
    private static final Set<String> MESSAGE_DOOR = Set.of("fdpass", "fdpass-batch", "fdpass-spin", "fdpass-frames");

    /**
     * A work, who does it, and the greatest median ratio to C that is let pass.
     *
     * @param work the work
     * @param contender its name
     * @param ratio the greatest
     */
    private record Bound(Work work, String contender, double ratio) {}

    /**
     * Measured in quiet runs of few contenders were 1.10, 1.13, 0.69, 0.09, 1.18, 1.07, 0.92, 1.14 and 0.22 for the batch, where a call into the
     * kernel is dear. Where it is cheap, closing many at once saves less: W4 was 0.83 there, W3 and the batch a tenth and a
     * quarter more. In W6 and W7, and with frames, two threads share the processors with whatever else runs. Who spins needs a processor that is
     * free, and has no bound.
     */
    private static final List<Bound> BOUNDS = List.of(
            new Bound(Work.W1, "fdpass", 1.3),
            new Bound(Work.W2, "fdpass", 1.35),
            new Bound(Work.W3, "fdpass", 1.2),
            new Bound(Work.W4, "fdpass", 0.95),
            new Bound(Work.W5, "fdpass", 1.4),
            new Bound(Work.W6, "fdpass", 2.5),
            new Bound(Work.W7, "fdpass", 3),
            new Bound(Work.W8, "fdpass", 1.4),
            new Bound(Work.W8, "fdpass-batch", 0.95),
            new Bound(Work.FRAME_THROUGHPUT, "fdpass-frames", 3),
            new Bound(Work.FRAME_LATENCY, "fdpass-frames", 2.5));

    static final int MOST_AGAIN = 4;

    private Guard() {}

    /** Measures some of the works again. */
    interface Again {
        List<Result> measure(Set<Work> works) throws IOException, InterruptedException;
    }

    /** {@return whether it has anything to say about any of these} */
    static boolean watches(List<String> contenders) {
        return contenders.stream().anyMatch(MESSAGE_DOOR::contains);
    }

    /**
     * What is wrong, in a line each.
     *
     * @param results of the first measurement
     * @param again the next, which is asked for as long as anything is suspicious
     */
    static List<String> objections(List<Result> results, Again again) throws IOException, InterruptedException {
        Map<Result, String> suspects = new LinkedHashMap<>(); // and what was wrong the last time
        for (Result result : results) {
            if (!complaint(result).isEmpty()) {
                suspects.put(result, complaint(result));
            }
        }
        for (int i = 0; i < MOST_AGAIN && !suspects.isEmpty(); i++) {
            Set<Work> works = EnumSet.noneOf(Work.class);
            suspects.keySet().forEach(suspect -> works.add(suspect.work()));
            List<Result> repeated = again.measure(works);
            // Who was not measured again is not acquitted.
            suspects.replaceAll(
                    (suspect, _) -> complaint(find(repeated, suspect).orElse(suspect)));
            suspects.values().removeIf(String::isEmpty);
        }
        List<String> objections = new ArrayList<>();
        suspects.forEach((suspect, last) -> objections.add(
                suspect.work() + " " + suspect.contender() + ": " + last + "; the first time: " + complaint(suspect)));
        return objections;
    }

    /** What was compared with what, in a line. */
    static String compared(List<Result> results) {
        List<String> ratios = new ArrayList<>();
        List<String> free = new ArrayList<>();
        for (Result result : results) {
            bound(result)
                    .ifPresent(bound -> ratios.add(String.format(
                            Locale.ROOT,
                            "%s %s %.2f (most %.2f)",
                            result.work(),
                            result.contender(),
                            result.ratioToC(),
                            bound.ratio())));
            if (MESSAGE_DOOR.contains(result.contender())) {
                free.add(result.work() + " " + result.contender());
            }
        }
        return "ratios to C: " + String.join(", ", ratios) + "; must allocate nothing: " + String.join(", ", free);
    }

    private static Optional<Result> find(List<Result> results, Result like) {
        return results.stream()
                .filter(result ->
                        result.work() == like.work() && result.contender().equals(like.contender()))
                .findFirst();
    }

    private static Optional<Bound> bound(Result result) {
        return BOUNDS.stream()
                .filter(bound ->
                        bound.work() == result.work() && bound.contender().equals(result.contender()))
                .findFirst();
    }

    /** Empty if there is none. A number that is NaN is one. */
    private static String complaint(Result result) {
        List<String> complaints = new ArrayList<>();
        bound(result)
                .filter(bound -> !(result.ratioToC() <= bound.ratio() || result.quickRatio() <= bound.ratio()))
                .ifPresent(bound -> complaints.add(String.format(
                        Locale.ROOT,
                        "%.2f times as long as C (%.2f in the quicker rounds), more than %.2f",
                        result.ratioToC(),
                        result.quickRatio(),
                        bound.ratio())));
        if (MESSAGE_DOOR.contains(result.contender()) && !(result.bytesPerOp() == 0)) {
            complaints.add(String.format(Locale.ROOT, "allocates %.1f bytes each time", result.bytesPerOp()));
        }
        return String.join(", ", complaints);
    }
}
