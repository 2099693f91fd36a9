package dev.fdpass.examples.sharedring.run;

import java.io.IOException;

/** What the other process says. */
sealed interface Report {
    /** It will do what was ordered. */
    record Ready() implements Report {}

    /** It could not do it, and ends. */
    record Failed(String why) implements Report {
        IOException exception() {
            return new IOException("the other process: " + why);
        }
    }
}
