package dev.fdpass;

import dev.fdpass.linux.SocketConstants;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Messages for the convenient calls, which would otherwise lay out native memory each time. A few for the whole
 * process: each is out only for the length of one call.
 */
final class MessagePool {
    /** Fits most; a larger one is made when asked for. */
    private static final int PAYLOAD = 16 * 1024;
    /** A larger one than this is not kept. */
    private static final int MAX_KEPT = 1024 * 1024;

    private static final AtomicReferenceArray<NativeMessage> POOL = new AtomicReferenceArray<>(8);

    private MessagePool() {}

    /** An empty message with at least so many bytes and room for as many descriptors as can be. */
    static NativeMessage take(long payloadBytes) {
        if (payloadBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    payloadBytes + " bytes in one message; give at most " + Integer.MAX_VALUE);
        }
        NativeMessage free = POOL.getAndSet(slot(), null);
        return free != null && free.payload().capacity() >= payloadBytes
                ? free
                : new NativeMessage(Math.max(PAYLOAD, (int) payloadBytes), SocketConstants.SCM_MAX_FD);
    }

    /** Takes a message back, whatever state it is in. */
    static void give(NativeMessage message) {
        message.forget();
        if (message.payload().capacity() <= MAX_KEPT) {
            POOL.set(slot(), message);
        }
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (POOL.length() - 1);
    }
}
