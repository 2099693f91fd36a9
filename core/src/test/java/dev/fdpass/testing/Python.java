package dev.fdpass.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program in Python, as a process of its own: a peer that nobody here wrote the sockets of. */
public final class Python {
    private Python() {}

    /** What starts a program; {@code arguments} are its {@code sys.argv[1:]}. Skips the test where Python is missing. */
    public static List<String> command(String program, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(Tool.PYTHON.command(), "-S", "-c", program));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    /** Starts a program. */
    public static ChildProcess start(String program, Object... arguments) throws IOException {
        return ChildProcess.start(command(program, arguments));
    }

    /** Runs a program to its end. */
    public static ChildProcess.Result run(String program, Object... arguments)
            throws IOException, InterruptedException {
        try (ChildProcess child = start(program, arguments)) {
            return child.await();
        }
    }
}
