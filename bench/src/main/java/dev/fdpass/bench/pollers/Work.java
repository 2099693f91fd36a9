package dev.fdpass.bench.pollers;

import java.io.IOException;

/** What is timed. */
enum Work {
    /** Awaiting, and looking at each that is ready. */
    AWAIT("await") {
        @Override
        long time(Crowd crowd, int ready) throws IOException {
            long before = System.nanoTime();
            for (int found = 0; found < ready; ) {
                found += crowd.await();
            }
            long nanos = System.nanoTime() - before;
            receiveAll(crowd, ready);
            return nanos;
        }
    },
    /** Awaiting, and receiving from each that is ready. */
    AWAIT_AND_RECEIVE("await + receive") {
        @Override
        long time(Crowd crowd, int ready) throws IOException {
            long before = System.nanoTime();
            receiveAll(crowd, ready);
            return System.nanoTime() - before;
        }
    };

    private final String title;

    Work(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Nanoseconds until it was done for so many that are ready. */
    abstract long time(Crowd crowd, int ready) throws IOException;

    private static void receiveAll(Crowd crowd, int ready) throws IOException {
        for (int received = 0; received < ready; ) {
            received += crowd.awaitAndReceive();
        }
    }
}
