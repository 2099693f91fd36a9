package dev.fdpass.examples.sharedring.run;

import dev.fdpass.bench.run.Statistics;

/**
 * What one contender showed.
 *
 * @param work the work
 * @param size bytes of a message
 * @param contender who
 * @param nanos of a round: a message of a stream on average, or the median of all round trips
 * @param tail of a round: 99 of 100 round trips took no longer; NaN for a stream
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Result(Work work, int size, Contender contender, double[] nanos, double[] tail) {
    private static final double NANOS = 1e9;

    double median() {
        return Statistics.median(nanos);
    }

    double messagesPerSecond() {
        return NANOS / median();
    }

    double bytesPerSecond() {
        return size * messagesPerSecond();
    }

    double medianTail() {
        return Statistics.median(tail);
    }

    /** Round by round, the messages per second of a stream or the time of a round trip, divided by those of another. */
    double[] ratiosTo(Result other) {
        return work == Work.STREAM
                ? Statistics.pairedRatios(other.nanos, nanos)
                : Statistics.pairedRatios(nanos, other.nanos);
    }
}
