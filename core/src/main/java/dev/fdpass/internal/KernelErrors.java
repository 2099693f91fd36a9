package dev.fdpass.internal;

import dev.fdpass.ErrnoException;
import dev.fdpass.linux.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Turns what the kernel returned into the exception that Java programmers expect, for every package. */
public final class KernelErrors {
    private KernelErrors() {}

    /** The result, if it is one; else throws what the error number means. */
    public static long check(String call, long result) throws ErrnoException {
        if (result < 0) {
            throw of(call, result);
        }
        return result;
    }

    /** The exception for a negated error number. */
    public static ErrnoException of(String call, long result) {
        return new ErrnoException(call, (int) -result);
    }

    /** For calls on a path. */
    public static IOException onPath(String call, String path, long result) {
        return onPath(call, path, null, result);
    }

    /** For calls on a path; {@code missing} says what is, where the path alone does not. */
    public static IOException onPath(String call, String path, @Nullable String missing, long result) {
        ErrnoException cause = of(call + " " + path, result);
        Errno errno = Errno.of((int) -result);
        IOException standard = errno == null
                ? null
                : switch (errno) {
                    case ENOENT -> new NoSuchFileException(path, null, missing);
                    case EACCES, EPERM -> new AccessDeniedException(path, null, cause.getMessage());
                    case EEXIST -> new FileAlreadyExistsException(path);
                    case ENOTDIR -> new NotDirectoryException(path);
                    case ELOOP -> new FileSystemLoopException(path);
                    default -> null;
                };
        return caused(standard, cause);
    }

    /** A standard exception with the error number as its cause; the latter alone, if none says it better. */
    public static IOException caused(@Nullable IOException standard, ErrnoException cause) {
        if (standard == null) {
            return cause;
        }
        standard.initCause(cause);
        return standard;
    }
}
