package dev.fdpass.examples.sharedring.run;

/** What the other process says. */
sealed interface Report {
    /** It will do what was ordered. */
    record Ready() implements Report {}

    /** It could not do it, and ends. */
    record Failed(String why) implements Report {}
}
