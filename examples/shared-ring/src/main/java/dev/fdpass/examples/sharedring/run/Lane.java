package dev.fdpass.examples.sharedring.run;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** One end of a way for messages in both directions. For one thread. */
interface Lane extends AutoCloseable {
    /**
     * Sends a message.
     *
     * @param message native memory, which may be used again afterwards
     */
    void send(MemorySegment message) throws IOException;

    /**
     * Receives a message.
     *
     * @param size that it must have
     * @return the message, in memory that is good until the next receive
     */
    MemorySegment receive(int size) throws IOException;

    @Override
    void close() throws IOException;
}
