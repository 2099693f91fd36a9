package dev.fdpass.bench.run.peers;

import dev.fdpass.bench.run.Work;
import java.nio.ByteBuffer;

/** Buffers of a message. */
final class Buffers {
    private Buffers() {}

    static ByteBuffer[] direct(Work work) {
        ByteBuffer[] buffers = new ByteBuffer[work.buffers()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = ByteBuffer.allocateDirect(work.bytes() / work.buffers());
        }
        return buffers;
    }

    static void clear(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            buffer.clear();
        }
    }
}
