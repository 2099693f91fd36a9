package dev.fdpass.spawn;

import dev.fdpass.ErrnoException;
import dev.fdpass.linux.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a program is, and why it could not be executed. */
final class Program {
    /** Where {@code execvp(3)} looks if there is no {@code PATH}. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private Program() {}

    /** The files that {@code execvp(3)} tries. */
    static List<String> candidates(String name) {
        if (name.indexOf('/') >= 0 || name.isEmpty()) {
            return List.of(name);
        }
        String path = System.getenv("PATH");
        List<String> all = new ArrayList<>();
        for (String directory : (path == null ? DEFAULT_PATH : path).split(":", -1)) {
            all.add(directory.isEmpty() ? name : directory + "/" + name);
        }
        return all;
    }

    /** The first of them that can be executed, with its whole path. */
    static String find(String name, @Nullable Path directory) throws IOException {
        for (String candidate : candidates(name)) {
            Path path = directory == null ? Path.of(candidate) : directory.resolve(candidate);
            if (!candidate.isEmpty() && Files.isRegularFile(path) && Files.isExecutable(path)) {
                return path.toAbsolutePath().toString();
            }
        }
        throw failed("look for", List.of(name), List.of(), directory, -Errno.ENOENT.number());
    }

    /** What {@code execve(2)} meant. */
    static IOException failed(
            String call, List<String> command, List<byte[]> environment, @Nullable Path directory, long result) {
        String name = command.getFirst();
        if (Errno.E2BIG.is(result)) {
            long bytes = environment.stream()
                    .mapToLong(variable -> variable.length + 1)
                    .sum();
            return new ErrnoException(
                    call + " " + name + " with " + command.size() + " arguments and an environment of " + bytes
                            + " bytes",
                    (int) -result);
        }
        ErrnoException cause = new ErrnoException(call + " " + name, (int) -result);
        FileSystemException standard = null;
        if (Errno.ENOENT.is(result)) {
            standard = new NoSuchFileException(name, null, "no such program, or its interpreter is missing");
        } else if (Errno.EACCES.is(result) && directory != null && !Files.isExecutable(directory)) {
            standard = new AccessDeniedException(directory.toString(), null, "a program cannot begin there");
        } else if (Errno.EACCES.is(result)) {
            standard = new AccessDeniedException(name, null, "it cannot be executed");
        }
        if (standard == null) {
            return cause;
        }
        standard.initCause(cause);
        return standard;
    }
}
