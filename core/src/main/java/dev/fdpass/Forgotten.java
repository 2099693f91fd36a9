package dev.fdpass;

import java.lang.ref.Cleaner;

/** The cleaner that finds what nobody closed. */
final class Forgotten {
    private static final Cleaner CLEANER = Cleaner.create();

    private Forgotten() {}

    /** Runs {@code closing} once, at the latest when {@code owner} is gone. It must not refer to {@code owner}. */
    static Cleaner.Cleanable watch(Object owner, Runnable closing) {
        return CLEANER.register(owner, closing);
    }
}
