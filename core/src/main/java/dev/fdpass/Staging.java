package dev.fdpass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Native memory that bytes of heap buffers pass through: the kernel cannot be given an address that the collector moves. */
final class Staging {
    static final int SIZE = 64 * 1024;

    private static final AtomicReferenceArray<MemorySegment> POOL = new AtomicReferenceArray<>(4);

    private Staging() {}

    /** {@value #SIZE} bytes that are the caller's until {@link #give}. */
    static MemorySegment take() {
        MemorySegment free = POOL.getAndSet(slot(), null);
        return free == null ? Arena.ofAuto().allocate(SIZE, 64) : free;
    }

    static void give(MemorySegment memory) {
        POOL.set(slot(), memory);
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (POOL.length() - 1);
    }
}
