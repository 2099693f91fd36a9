package dev.fdpass.faults;

/** What follows when a system call fails. */
sealed interface Expected {
    /** The same call is made again, and nobody notices. */
    record Retried() implements Expected {}

    /** It is waited for readiness with {@code ppoll(2)}, and then the call is made again. */
    record Waited() implements Expected {}

    /**
     * The operation goes on without what failed, and ends as it does otherwise.
     *
     * @param how by what other way, for people
     */
    record Unnoticed(String how) implements Expected {}

    /**
     * The operation ends otherwise.
     *
     * @param outcome as {@link Outcome} writes it, followed by what was seen afterwards
     */
    record Ends(String outcome) implements Expected {}
}
