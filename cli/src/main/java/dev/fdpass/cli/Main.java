package dev.fdpass.cli;

/** The program {@code fdpass}. */
public final class Main {
    private Main() {}

    /**
     * Runs the command and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        int status = execute(arguments);
        if (status != 0) {
            System.exit(status); // which looks for a logger first, and that takes as long as a whole send
        }
    }

    static int execute(String... arguments) {
        try {
            Sending sending = QuickSend.read(arguments);
            if (sending != null) {
                sending.run();
                return 0;
            }
            if (Training.isAskedFor(arguments)) {
                Training.run(arguments);
                return 0;
            }
        } catch (Exception e) {
            return Failures.report(e);
        }
        return FdpassCommand.execute(arguments);
    }
}
