package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Pathnames as the kernel takes them: bytes ended by NUL. */
final class Paths {
    /** {@code PATH_MAX} of {@code linux/limits.h}, terminating NUL included. */
    static final int PATH_MAX = 4096;

    private Paths() {}

    /** Writes {@code path} and its NUL at {@code offset}. */
    static void write(MemorySegment to, long offset, byte[] path) {
        if (path.length >= PATH_MAX) {
            throw new IllegalArgumentException(
                    "the path has " + path.length + " bytes; Linux takes at most " + (PATH_MAX - 1));
        }
        byte[] terminated = Arrays.copyOf(path, path.length + 1);
        MemorySegment.copy(terminated, 0, to, JAVA_BYTE, offset, terminated.length);
    }
}
