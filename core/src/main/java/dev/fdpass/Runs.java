package dev.fdpass;

import dev.fdpass.linux.Descriptors;

/** Closes descriptor numbers, as many of them that follow each other as there are with one {@code close_range(2)}. */
final class Runs {
    private static final int NONE = -1;

    private int first = NONE;
    private int last;

    /** Takes over a number, which is closed with those after it, at the latest by {@link #close}. */
    void add(int number) {
        if (first != NONE && number == last + 1) {
            last = number;
            return;
        }
        close();
        first = number;
        last = number;
    }

    /** Closes what is left. */
    void close() {
        if (first != NONE) {
            int from = first;
            first = NONE; // first: a number must never be closed twice, whatever is thrown
            Descriptors.closeRange(from, last);
        }
    }
}
