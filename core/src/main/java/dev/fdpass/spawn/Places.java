package dev.fdpass.spawn;

import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.NativeText;
import dev.fdpass.linux.OpenFlag;
import java.io.IOException;
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
    private static final Places NONE = new Places(-1, -1);

    /** For {@code posix_spawn(3)}, which goes there before it puts anything into place. */
    static Places open(@Nullable Path directory) throws IOException {
        return directory == null ? NONE : new Places(openDirectory(text(directory)), -1);
    }

    /** With the way back, and above all numbers up to {@code last}, which are overwritten before these are used. */
    static Places openAbove(int last, @Nullable Path directory) throws IOException {
        if (directory == null) {
            return NONE;
        }
        int there = openDirectoryAbove(last, text(directory));
        try {
            return new Places(there, openDirectoryAbove(last, "."));
        } catch (Throwable t) {
            Descriptors.close(there);
            throw t;
        }
    }

    private static String text(Path directory) {
        return directory.toString().isEmpty() ? "." : directory.toString();
    }

    private static int openDirectoryAbove(int last, String path) throws IOException {
        int number = openDirectory(path);
        try {
            return Duplicates.above(last, number);
        } finally {
            Descriptors.close(number);
        }
    }

    private static int openDirectory(String path) throws IOException {
        long number = FileIo.open(NativeText.bytes(path), FileConstants.O_PATH | OpenFlag.O_DIRECTORY.value(), 0);
        if (number < 0) {
            throw KernelErrors.onPath("open directory", path, "no such directory to begin in", number);
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
