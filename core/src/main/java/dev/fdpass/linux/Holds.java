package dev.fdpass.linux;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The arenas that a call needs open: one segment from each, up to three. The linker holds the arena of a pointer it
 * passes, so closing one meanwhile fails instead of freeing memory that the kernel is writing to.
 */
public final class Holds {
    private static final int MAX = 3;

    private final MemorySegment[] segments = new MemorySegment[MAX];
    private int count;

    public Holds() {
        Arrays.fill(segments, MemorySegment.NULL);
    }

    /** Adds the arena of a native segment, unless it is held already or three others are. */
    public void add(MemorySegment segment) {
        for (int i = 0; i < count; i++) {
            if (segments[i].scope().equals(segment.scope())) {
                return;
            }
        }
        if (count < MAX) {
            segments[count++] = segment;
        }
    }

    /** Adds all arenas of {@code other}. */
    public void addAll(Holds other) {
        for (int i = 0; i < other.count; i++) {
            add(other.segments[i]);
        }
    }

    public void clear() {
        for (int i = 0; i < count; i++) {
            segments[i] = MemorySegment.NULL;
        }
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    MemorySegment get(int index) {
        return segments[index];
    }
}
