package dev.fdpass.bench.run;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one contender showed at one work.
 *
 * @param work the work
 * @param contender its name
 * @param medianNs of one operation
 * @param ratioToC median of the ratios to C in the same round; with those of several launches, the median of these medians
 * @param ratioMin the least ratio of any round
 * @param ratioMax the greatest
 * @param quickRatio what it took in the quicker quarter of its rounds to what C took in the quicker quarter of its own: where
 *     others use the processors it is steadier than the paired ones, and less fair
 * @param ratioToRaw the same to the packets of this library, like ratioToC; NaN except in the works with frames
 * @param bytesPerOp allocated, the median of the rounds; NaN if it cannot be seen
 * @param p50 of operations timed one by one, like the next two; NaN except in W1
 * @param p99 see above
 * @param p999 see above
 */
record Result(
        Work work,
        String contender,
        double medianNs,
        double ratioToC,
        double ratioMin,
        double ratioMax,
        double quickRatio,
        double ratioToRaw,
        double bytesPerOp,
        double p50,
        double p99,
        double p999) {
    private static final String SEPARATOR = "\t";
    private static final double QUICK = 0.25;

    /**
     * What rounds showed.
     *
     * @param samples of this contender
     * @param floor of C
     * @param raw of the packets of this library, if there are any to compare with
     * @param singles nanoseconds of operations timed one by one; NaN if there were none
     */
    static Result of(
            Work work,
            String contender,
            Rounds.Samples samples,
            Rounds.Samples floor,
            Rounds.@Nullable Samples raw,
            double... singles) {
        double[] ratios = Statistics.pairedRatios(samples.nanos(), floor.nanos());
        return new Result(
                work,
                contender,
                Statistics.median(samples.nanos()),
                Statistics.median(ratios),
                Statistics.least(ratios),
                Statistics.most(ratios),
                Statistics.percentile(QUICK, samples.nanos()) / Statistics.percentile(QUICK, floor.nanos()),
                raw == null ? Double.NaN : Statistics.median(Statistics.pairedRatios(samples.nanos(), raw.nanos())),
                Statistics.median(samples.bytes()),
                Statistics.percentile(0.5, singles),
                Statistics.percentile(0.99, singles),
                Statistics.percentile(0.999, singles));
    }

    /** One line, for the process that started this launch. */
    String toLine() {
        return String.join(
                SEPARATOR,
                work.name(),
                contender,
                medianNs + "",
                ratioToC + "",
                ratioMin + "",
                ratioMax + "",
                quickRatio + "",
                ratioToRaw + "",
                bytesPerOp + "",
                p50 + "",
                p99 + "",
                p999 + "");
    }

    static Result parse(String line) {
        List<String> fields = Arrays.asList(line.split(SEPARATOR, -1));
        double[] n = fields.stream().skip(2).mapToDouble(Double::parseDouble).toArray();
        return new Result(
                Work.valueOf(fields.get(0)), fields.get(1), n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9]);
    }

    /** One result of the same contender and work in several launches. */
    static Result ofLaunches(List<Result> launches) {
        Result first = launches.get(0);
        return new Result(
                first.work,
                first.contender,
                median(launches, Result::medianNs),
                median(launches, Result::ratioToC),
                Statistics.least(all(launches, Result::ratioMin)),
                Statistics.most(all(launches, Result::ratioMax)),
                median(launches, Result::quickRatio),
                median(launches, Result::ratioToRaw),
                median(launches, Result::bytesPerOp),
                median(launches, Result::p50),
                median(launches, Result::p99),
                median(launches, Result::p999));
    }

    private static double median(List<Result> launches, ToDoubleFunction<Result> what) {
        return Statistics.median(all(launches, what));
    }

    private static double[] all(List<Result> launches, ToDoubleFunction<Result> what) {
        return launches.stream().mapToDouble(what).toArray();
    }
}
