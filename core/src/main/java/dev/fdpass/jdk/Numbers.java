package dev.fdpass.jdk;

import dev.fdpass.linux.Descriptors;
import java.io.File;
import java.io.IOException;
import java.util.stream.Stream;

/** The descriptor numbers of this process. */
final class Numbers {
    static final int NONE = -1;

    private static final String DIRECTORY = "/proc/self/fd";

    private Numbers() {}

    /** All that are open. One that stays open while this is called is among them. */
    static int[] open() throws IOException {
        String[] names = new File(DIRECTORY).list();
        if (names == null) {
            throw new IOException(DIRECTORY + " cannot be listed; /proc must be mounted to find descriptors");
        }
        return Stream.of(names).mapToInt(Integer::parseInt).toArray();
    }

    /** The number that the kernel would give next; a hint, since others open and close too. */
    static int next(int open) {
        long duplicate = Descriptors.duplicate(open);
        if (duplicate < 0) {
            return NONE;
        }
        Descriptors.close((int) duplicate);
        return (int) duplicate;
    }
}
