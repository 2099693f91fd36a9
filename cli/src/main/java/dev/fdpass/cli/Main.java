package dev.fdpass.cli;

import org.jspecify.annotations.Nullable;

/** The program {@code fdpass}. */
public final class Main {
    private Main() {}

    /**
     * Runs the command and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        @Nullable Sending sending = QuickSend.read(arguments);
        return sending == null ? FdpassCommand.execute(arguments) : run(sending);
    }

    private static int run(Sending sending) {
        try {
            sending.run();
            return 0;
        } catch (Exception e) {
            return Failures.report(e);
        }
    }
}
