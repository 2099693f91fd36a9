package dev.fdpass.examples.hotrestart.service;

/** What a server tells people, on standard error. */
public final class Log {
    private Log() {}

    /**
     * Says something.
     *
     * @param message one line
     */
    public static void say(String message) {
        System.err.println("server " + ProcessHandle.current().pid() + ": " + message);
    }
}
