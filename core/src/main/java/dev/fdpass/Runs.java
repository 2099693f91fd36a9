package dev.fdpass;

import dev.fdpass.linux.Descriptors;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Closes descriptor numbers, as many of them that follow each other as there are with one {@code close_range(2)}. */
final class Runs {
    private static final int NONE = -1;

    private final @Nullable MemorySegment errno;
    private int first = NONE;
    private int last;

    /** With memory of the owner for error numbers, or null to borrow some for each call. */
    Runs(@Nullable MemorySegment errno) {
        this.errno = errno;
    }

    /** Takes over a number, which is closed with those after it, at the latest by {@link #close}. */
    void add(int number) {
        if (first != NONE && number == last + 1) {
            last = number;
            return;
        }
        int from = first;
        int to = last;
        first = number; // whatever is thrown below
        last = number;
        close(from, to);
    }

    /** Closes what is left. */
    void close() {
        int from = first;
        first = NONE; // first: a number must never be closed twice, whatever is thrown
        close(from, last);
    }

    private void close(int from, int to) {
        if (from == NONE) {
            return;
        }
        if (from == to) {
            long unused = errno == null ? Descriptors.close(from) : Descriptors.close(from, errno);
        } else {
            Descriptors.closeRange(from, to);
        }
    }
}
