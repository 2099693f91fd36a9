package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.OwnedFd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A program that opens a file and forgets its owner. It exits with 0 once the number is closed and the log says so, and
 * prints what the log says.
 */
public final class ForgetsDescriptors {
    private ForgetsDescriptors() {}

    public static void main(String... arguments) throws Exception {
        Path path = Path.of(arguments[0]).toRealPath();
        PrintStream errors = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        int number = OwnedFd.open(path).number();
        for (int i = 0; i < 1000 && (isOpen(number, path) || log.size() == 0); i++) {
            System.gc();
            Thread.sleep(10);
        }
        errors.print(log.toString(UTF_8));
        System.exit(isOpen(number, path) ? 1 : 0);
    }

    /** Not only whether anything has the number: the log may open a file of its own meanwhile. */
    private static boolean isOpen(int number, Path path) throws IOException {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).equals(path);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
