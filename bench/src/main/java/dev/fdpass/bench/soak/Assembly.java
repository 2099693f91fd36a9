package dev.fdpass.bench.soak;

import java.nio.ByteBuffer;

/** Finds messages in what was received. */
sealed interface Assembly permits Packets, StreamOfMessages {
    /**
     * Takes what one receive brought.
     *
     * @param data the bytes
     * @param packetBytes bytes that the packet had; on a stream those of {@code data}
     */
    void add(ByteBuffer data, long packetBytes, boolean payloadTruncated, Settled settled);

    /** Fewest bytes that a receive must have room for. */
    int leastRoom();

    /** Called at the end of the connection. */
    void checkEnd();
}
