package dev.fdpass.cli;

import java.io.Console;

/** Whether somebody is watching. */
public final class Terminal {
    private Terminal() {}

    /** {@return whether both standard input and standard output are a terminal} */
    @SuppressWarnings("SystemConsoleNull") // it was never null in JDK 22 to 24, but is again since
    public static boolean isWatched() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
