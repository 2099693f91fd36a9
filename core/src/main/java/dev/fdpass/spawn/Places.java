package dev.fdpass.spawn;

import dev.fdpass.ErrnoException;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.NativeText;
import dev.fdpass.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a program is to begin, and where this process is, as descriptors: what is wrong with a directory shows before
 * anything is started.
 *
 * @param directory a descriptor, or -1
 * @param back a descriptor, or -1
 */
record Places(int directory, int back) implements AutoCloseable {
    static Places open(@Nullable Path directory, boolean withWayBack) throws IOException {
        if (directory == null) {
            return new Places(-1, -1);
        }
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(directory + " belongs to " + directory.getFileSystem()
                    + "; a program can only begin in the default file system");
        }
        int there = openDirectory(directory.toString().isEmpty() ? "." : directory.toString());
        try {
            return new Places(there, withWayBack ? openDirectory(".") : -1);
        } catch (Throwable t) {
            Descriptors.close(there);
            throw t;
        }
    }

    private static int openDirectory(String path) throws IOException {
        long number = FileIo.open(NativeText.bytes(path), FileConstants.O_PATH | OpenFlag.O_DIRECTORY.value(), 0);
        if (number < 0) {
            ErrnoException cause = new ErrnoException("open directory " + path, (int) -number);
            FileSystemException standard = Errno.ENOENT.is(number)
                    ? new NoSuchFileException(path, null, "no such directory to begin in")
                    : Errno.ENOTDIR.is(number)
                            ? new NotDirectoryException(path)
                            : Errno.EACCES.is(number) ? new AccessDeniedException(path) : null;
            if (standard == null) {
                throw cause;
            }
            standard.initCause(cause);
            throw standard;
        }
        return (int) number;
    }

    @Override
    public void close() {
        if (directory >= 0) {
            Descriptors.close(directory);
        }
        if (back >= 0) {
            Descriptors.close(back);
        }
    }
}
