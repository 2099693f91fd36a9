package dev.fdpass.bench.threads;

import java.io.Closeable;
import java.io.IOException;

/** Many connections, and a virtual thread at the far end of each that sends back what it receives. */
interface Echoes extends Closeable {
    /** Sends a byte over connection {@code index} and waits for it to come back. */
    void roundTrip(int index) throws IOException;

    /** The threads at the far ends. */
    Iterable<Thread> threads();
}
