package dev.fdpass.linux;

/** What a walk over the control messages of one receive found. Reused, so that a receive allocates nothing. */
public final class ControlSummary {
    private int fds;
    private int closed;
    private boolean malformed;

    void set(int fds, int closed, boolean malformed) {
        this.fds = fds;
        this.closed = closed;
        this.malformed = malformed;
    }

    /** Descriptors taken over. */
    public int fds() {
        return fds;
    }

    /** Descriptors beyond the limit, closed at once. */
    public int closed() {
        return closed;
    }

    /** Whether the walk met a length that cannot be; what stood before it was taken. */
    public boolean isMalformed() {
        return malformed;
    }
}
