package dev.fdpass.cli;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code FILE} of the command line: a path, or {@code fd:N} for a descriptor that this process inherited. */
final class FileArgument {
    private static final String INHERITED = "fd:";
    /** In {@code /proc/self/fdinfo}; the same number on x86-64 and aarch64. */
    private static final int O_CLOEXEC = 02_000_000;

    private FileArgument() {}

    /** Opens it to read, or duplicates what was inherited. */
    static OwnedFd open(String file) throws IOException {
        return file.startsWith(INHERITED) ? inherited(file) : OwnedFd.open(Path.of(file));
    }

    /** All of a file. */
    static byte[] content(Path file) throws IOException {
        try (OwnedFd fd = OwnedFd.open(file)) {
            return Channels.newInputStream(fd).readAllBytes();
        }
    }

    /** Whether it is written as {@link #open} understands it. */
    static boolean isValid(String file) {
        return !file.isEmpty() && (!file.startsWith(INHERITED) || number(file) >= 0);
    }

    private static int number(String file) {
        try {
            return Integer.parseInt(file.substring(INHERITED.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static OwnedFd inherited(String file) throws IOException {
        int number = number(file);
        // Descriptors of the Java machine itself are close-on-exec; one that was inherited cannot be.
        if (!isOpen(number) || isCloseOnExec(number)) {
            throw new IllegalArgumentException(
                    file + " was not inherited; open it in the shell, as in " + number + "<FILE");
        }
        return OwnedFd.duplicateOf(number);
    }

    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fdinfo/" + number));
    }

    private static boolean isCloseOnExec(int number) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & O_CLOEXEC) != 0;
            }
        }
        return false;
    }
}
