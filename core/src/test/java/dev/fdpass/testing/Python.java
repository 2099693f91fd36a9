package dev.fdpass.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program in Python, as a process of its own: a peer that nobody here wrote the sockets of. */
public final class Python {
    private static final String PYTHON = "python3";

    private Python() {}

    /** Starts a program; {@code arguments} are its {@code sys.argv[1:]}. Skips the test where Python is missing. */
    public static ChildProcess start(String program, Object... arguments) throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, PYTHON)));
        assumeTrue(installed, PYTHON + " is not installed");
        List<String> command = new ArrayList<>(List.of(PYTHON, "-S", "-c", program));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return ChildProcess.start(command);
    }

    /** Runs a program to its end. */
    public static ChildProcess.Result run(String program, Object... arguments)
            throws IOException, InterruptedException {
        try (ChildProcess child = start(program, arguments)) {
            return child.await();
        }
    }
}
