package dev.fdpass.cli.demo;

import java.io.IOException;

/** A proof does not hold. */
final class NotProvedException extends IOException {
    private static final long serialVersionUID = 1L;

    private NotProvedException(String message) {
        super(message);
    }

    /** Fails unless both are equal. */
    static void unlessEqual(String what, Object expected, Object actual) throws NotProvedException {
        unless(expected.equals(actual), what + " is " + actual + ", not " + expected);
    }

    static void unless(boolean holds, String otherwise) throws NotProvedException {
        if (!holds) {
            throw new NotProvedException(otherwise);
        }
    }
}
