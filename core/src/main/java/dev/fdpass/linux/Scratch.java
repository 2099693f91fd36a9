package dev.fdpass.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A little native memory for one call: the error number, and room for small structures. Taken and given back rather
 * than kept per thread, so that a million virtual threads need no more of them than there are processors.
 */
final class Scratch {
    /** Bytes of {@link #memory()}: room for a {@code statx} and a path of {@code PATH_MAX}. */
    static final int SIZE = 256 + 4096;

    private static final int ERRNO_SIZE = 16;
    private static final int POOL_SIZE = 16;
    private static final AtomicReferenceArray<Scratch> POOL = new AtomicReferenceArray<>(POOL_SIZE);

    /** What calls that must not fail share where no more memory can be had. Made before the first descriptor is. */
    private static volatile @Nullable Scratch reserve;

    private final MemorySegment errno;
    private final MemorySegment memory;

    private Scratch() {
        // Automatic: passing its memory to a downcall costs nothing, and there is no close to race with.
        MemorySegment all = Arena.ofAuto().allocate(ERRNO_SIZE + SIZE, 16);
        errno = all.asSlice(0, ERRNO_SIZE);
        memory = all.asSlice(ERRNO_SIZE, SIZE);
    }

    /** One that is never given back. */
    static Scratch ofItsOwn() {
        return new Scratch();
    }

    static Scratch take() {
        Scratch free = POOL.getAndSet(slot(), null);
        return free == null ? make() : free;
    }

    private static Scratch make() {
        if (reserve == null) {
            makeReserve();
        }
        return new Scratch();
    }

    private static synchronized void makeReserve() {
        if (reserve == null) { // never another: who shares it knows it by its identity
            reserve = new Scratch();
        }
    }

    /**
     * As {@link #take}, and if there is no memory for one, what others may be using too: good for a call whose error
     * number is not needed to be sure, and whose memory everyone fills alike.
     */
    static Scratch takeAlways() {
        for (int i = 0; i < POOL_SIZE; i++) {
            Scratch free = POOL.getAndSet((slot() + i) & (POOL_SIZE - 1), null);
            if (free != null) {
                return free;
            }
        }
        try {
            return make(); // where there is no memory, the JVM looks for some for half a second
        } catch (OutOfMemoryError e) {
            Scratch shared = reserve;
            if (shared == null) {
                throw e;
            }
            return shared;
        }
    }

    /** Gives this scratch back; the caller must not use it again. */
    void give() {
        if (this != reserve) {
            POOL.set(slot(), this);
        }
    }

    MemorySegment errno() {
        return errno;
    }

    MemorySegment memory() {
        return memory;
    }

    long address() {
        return memory.address();
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (POOL_SIZE - 1);
    }
}
