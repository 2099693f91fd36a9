package dev.fdpass.bench.pollers;

import java.io.IOException;

/**
 * Connected pairs of stream sockets, both ends of each registered to be read. Socket {@code i} and socket {@code i ^ 1} are
 * a pair.
 */
interface Crowd extends AutoCloseable {
    /** Who makes one. */
    enum Maker {
        FDPASS("fdpass") {
            @Override
            Crowd open(int size) throws IOException {
                return new PollerCrowd(size);
            }
        },
        JDK("Selector") {
            @Override
            Crowd open(int size) throws IOException {
                return new SelectorCrowd(size);
            }
        };

        private final String title;

        Maker(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        abstract Crowd open(int size) throws IOException;
    }

    /** Sends a byte, so that socket {@code index} is ready. */
    void makeReady(int index) throws IOException;

    /**
     * Awaits and looks at each that is ready.
     *
     * @return how many are
     */
    int await() throws IOException;

    /**
     * Awaits and receives what is there from each that is ready.
     *
     * @return how many were
     */
    int awaitAndReceive() throws IOException;

    /** Whether what was reported was there. */
    static void check(boolean isThere) {
        if (!isThere) {
            throw new IllegalStateException("what is reported is not there");
        }
    }

    @Override
    void close() throws IOException;
}
