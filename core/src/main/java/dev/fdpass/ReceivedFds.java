package dev.fdpass;

import dev.fdpass.linux.SocketConstants;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Holds the descriptors of one {@link Received} after another. To make the cleaner watch an object, and to tell it that this
 * is over, costs more than all else that the convenient door does; so it watches one of these for good. Who is forgotten
 * together with its {@code Received} is not in the pool.
 */
final class ReceivedFds {
    private static final AtomicReferenceArray<ReceivedFds> POOL = new AtomicReferenceArray<>(8);

    private final HeldFds held = new HeldFds(SocketConstants.SCM_MAX_FD, new Origin("received", "nothing"));

    @SuppressWarnings("UnusedVariable") // it runs when this is gone
    private final Cleaner.Cleanable cleanable = Forgotten.watch(this, held);

    private ReceivedFds() {}

    /** An empty one. */
    static ReceivedFds take() {
        ReceivedFds free = POOL.getAndSet(slot(), null);
        return free == null ? new ReceivedFds() : free;
    }

    HeldFds held() {
        return held;
    }

    /** Closes what nobody took; the caller must not use this again. */
    void give() {
        held.closeAll();
        POOL.set(slot(), this);
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (POOL.length() - 1);
    }
}
