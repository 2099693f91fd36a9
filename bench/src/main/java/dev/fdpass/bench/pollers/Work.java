package dev.fdpass.bench.pollers;

import java.io.IOException;

/** What is timed. */
enum Work {
    /** Awaiting, and looking at each that is ready. */
    AWAIT("await") {
        @Override
        int once(Crowd crowd) throws IOException {
            return crowd.await();
        }

        @Override
        void afterwards(Crowd crowd, int ready) throws IOException {
            for (int received = 0; received < ready; ) {
                received += crowd.awaitAndReceive();
            }
        }
    },
    /** Awaiting, and receiving from each that is ready. */
    AWAIT_AND_RECEIVE("await + receive") {
        @Override
        int once(Crowd crowd) throws IOException {
            return crowd.awaitAndReceive();
        }

        @Override
        void afterwards(Crowd crowd, int ready) {
            // Nothing is left.
        }
    };

    private final String title;

    Work(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** What is timed, for as many as one await finds. */
    abstract int once(Crowd crowd) throws IOException;

    /** Leaves nothing that is ready. */
    abstract void afterwards(Crowd crowd, int ready) throws IOException;

    /** Times it until so many have been found. */
    void time(Crowd crowd, int ready, Samples samples) throws IOException {
        for (int found = 0; found < ready; ) {
            long before = System.nanoTime();
            int count = once(crowd);
            samples.add(System.nanoTime() - before, count);
            found += count;
        }
        afterwards(crowd, ready);
    }
}
