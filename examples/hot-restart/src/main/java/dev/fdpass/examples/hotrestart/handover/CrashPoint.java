package dev.fdpass.examples.hotrestart.handover;

import java.util.Locale;

/** Where a successor can be made to crash, with {@code -Dhotrestart.crashAt=ready}: for tests, and to try it out. */
public enum CrashPoint {
    /** Before it says anything. */
    HELLO,
    /** It has the listener. */
    LISTENER,
    /** It has said that it is ready, and accepts. */
    READY,
    /** It has got the first connection, and has not acknowledged it. */
    CONNECTION,
    /** It has acknowledged the first connection, and has got the second. */
    SECOND_CONNECTION,
    /** It has all connections, and has not said so. */
    DONE;

    private static final String WANTED = System.getProperty("hotrestart.crashAt", "");

    /** Crashes if it is wanted here. */
    public void pass() {
        if (WANTED.equals(name().toLowerCase(Locale.ROOT))) {
            Runtime.getRuntime().halt(70); // as a crash: no hook, no close
        }
    }
}
