package dev.fdpass.linux;

/** What a walk over the control messages of one receive found. Reused, so that a receive allocates nothing. */
public final class ControlSummary {
    private static final int NONE = -1;

    private int options;
    private int fds;
    private int surplus;
    private boolean malformed;
    private int pidFd = NONE;
    private boolean hasCredentials;
    private int pid;
    private int uid;
    private int gid;
    private boolean hasTimestamp;
    private long seconds;
    private long nanos;
    private long securityAt;
    private int securityLength;

    /** Forgets all; a pidfd in it must have another owner by now. */
    public void clear() {
        options = 0;
        fds = 0;
        surplus = 0;
        malformed = false;
        pidFd = NONE;
        hasCredentials = false;
        hasTimestamp = false;
        securityLength = 0;
    }

    void fds(int fds, int surplus, boolean malformed) {
        this.fds = fds;
        this.surplus = surplus;
        this.malformed = malformed;
    }

    void option(int option) {
        options |= option;
    }

    void pidFd(int number) {
        pidFd = number;
    }

    void credentials(int pid, int uid, int gid) {
        hasCredentials = true;
        this.pid = pid;
        this.uid = uid;
        this.gid = gid;
    }

    void timestamp(long seconds, long nanos) {
        hasTimestamp = true;
        this.seconds = seconds;
        this.nanos = nanos;
    }

    void security(long at, int length) {
        securityAt = at;
        securityLength = length;
    }

    /** The options whose messages were found, whole or cut: bits of {@link ControlRoom}. */
    public int options() {
        return options;
    }

    /** Descriptors taken over. */
    public int fds() {
        return fds;
    }

    /** Descriptors beyond the limit, which must be closed at once. */
    public int surplus() {
        return surplus;
    }

    /** Whether the walk met a length that cannot be; what stood before it was taken. */
    public boolean isMalformed() {
        return malformed;
    }

    /** The sender's pidfd, or -1. */
    public int pidFd() {
        return pidFd;
    }

    /** Whether the sender's credentials came, whole. */
    public boolean hasCredentials() {
        return hasCredentials;
    }

    public int pid() {
        return pid;
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    /** Whether a timestamp came. */
    public boolean hasTimestamp() {
        return hasTimestamp;
    }

    /** Since the epoch. */
    public long seconds() {
        return seconds;
    }

    /** Nanoseconds after {@link #seconds()}. */
    public long nanos() {
        return nanos;
    }

    /** Where in the control buffer the sender's security label stands. */
    public long securityAt() {
        return securityAt;
    }

    /** Bytes of the sender's security label; 0 if none came. */
    public int securityLength() {
        return securityLength;
    }
}
