package dev.fdpass.examples.sharedring.run;

/** The ways for messages that are measured. */
enum Contender {
    RING("ring", "looks for a while, then sleeps"),
    RING_NO_SPIN("ring-no-spin", "a ring that sleeps at once"),
    SOCKET("socket", "UnixStream, bytes without boundaries"),
    SOCKET_SPIN("socket-spin", "the same, whose receive tries for a while before it sleeps"),
    FRAMED("framed", "FramedChannel over a UnixStream");

    private final String label;
    private final String what;

    Contender(String label, String what) {
        this.label = label;
        this.what = what;
    }

    String what() {
        return what;
    }

    boolean isRing() {
        return this == RING || this == RING_NO_SPIN;
    }

    boolean spins() {
        return this == RING || this == SOCKET_SPIN;
    }

    @Override
    public String toString() {
        return label;
    }
}
