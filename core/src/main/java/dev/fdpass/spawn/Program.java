package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Environ;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.NativeText;
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

    /** The files that {@code execvp(3)} tries, in bytes: a directory in {@code PATH} need not be text here. */
    static List<byte[]> candidates(String name) {
        byte[] file = NativeText.bytes(name);
        if (name.indexOf('/') >= 0 || name.isEmpty()) {
            return List.of(file);
        }
        byte[] variable = Environ.variables().get("PATH");
        String path = variable == null ? DEFAULT_PATH : characters(variable).substring("PATH=".length());
        List<byte[]> all = new ArrayList<>();
        for (String directory : path.split(":", -1)) {
            String candidate = (directory.isEmpty() ? "" : directory + "/") + characters(file);
            all.add(candidate.getBytes(ISO_8859_1));
        }
        return all;
    }

    /** One for each byte. */
    private static String characters(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** The first of them that can be executed, with its whole path, among those that can be said in text. */
    static String find(String name, @Nullable Path directory) throws IOException {
        for (byte[] candidate : candidates(name)) {
            String text = NativeText.exactly(candidate).orElse("");
            Path path = directory == null ? Path.of(text) : directory.resolve(text);
            if (!text.isEmpty() && Files.isRegularFile(path) && Files.isExecutable(path)) {
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
            return KernelErrors.of(
                    call + " " + name + " with " + command.size() + " arguments and an environment of " + bytes
                            + " bytes",
                    result);
        }
        FileSystemException standard = null;
        if (Errno.ENOENT.is(result)) {
            standard = new NoSuchFileException(name, null, "no such program, or its interpreter is missing");
        } else if (Errno.EACCES.is(result) && directory != null && !Files.isExecutable(directory)) {
            standard = new AccessDeniedException(directory.toString(), null, "a program cannot begin there");
        } else if (Errno.EACCES.is(result)) {
            standard = new AccessDeniedException(name, null, "it cannot be executed");
        }
        return KernelErrors.caused(standard, KernelErrors.of(call + " " + name, result));
    }
}
