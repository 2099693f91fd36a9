package dev.fdpass.examples.hotrestart.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What clients count: requests, those that failed, and what the first failures were. For any thread. */
final class Tally {
    private static final int COMPLAINTS_KEPT = 10;

    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /**
     * The numbers at the end.
     *
     * @param requests all, with those that failed
     * @param failures requests without the right answer, and answers that nobody asked for
     * @param complaints what went wrong first
     */
    record Counts(long requests, long failures, List<String> complaints) {}

    void sent(int count) {
        requests.add(count);
    }

    void failed(int count, String complaint) {
        if (complaints.size() < COMPLAINTS_KEPT) {
            complaints.add(complaint);
        }
        failures.add(count); // last: who sees the failure finds why
    }

    long requests() {
        return requests.sum();
    }

    long failures() {
        return failures.sum();
    }

    Counts counts() {
        return new Counts(requests(), failures(), List.copyOf(complaints));
    }
}
