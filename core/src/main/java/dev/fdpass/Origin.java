package dev.fdpass;

import org.jspecify.annotations.Nullable;

/**
 * Where a descriptor came from, for the log line about one that nobody closed. A stack trace costs microseconds, so it
 * is only kept when {@code -Ddev.fdpass.trace=true} asks for it.
 */
final class Origin {
    private static final boolean TRACE = Boolean.getBoolean("dev.fdpass.trace");

    private final String how;
    private final Object where;
    private final @Nullable Throwable trace = TRACE ? new Throwable("acquired here") : null;

    /** For example {@code ("opened", path)}; {@code where} is only printed if it comes to that. */
    Origin(String how, Object where) {
        this.how = how;
        this.where = where;
    }

    /** Says that the collector found what {@code what} describes, and that it was closed now. */
    void logForgotten(String what) {
        String advice = TRACE ? "" : "; -Ddev.fdpass.trace=true shows where";
        System.getLogger("dev.fdpass")
                .log(
                        System.Logger.Level.WARNING,
                        what + ", " + this + ", was never closed and is closed now" + advice,
                        trace);
    }

    @Override
    public String toString() {
        return how + " " + where;
    }
}
