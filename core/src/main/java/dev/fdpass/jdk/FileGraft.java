package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Memfd;
import dev.fdpass.linux.Statx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Channels and streams of the JDK whose descriptor is replaced by a received one. The placeholder is opened on a memory file
 * made for it: no other descriptor but those two has that inode, so its number is found for sure.
 */
final class FileGraft {
    private FileGraft() {}

    /** Opens a placeholder on a path. */
    interface Opening<C> {
        C open(Path path) throws IOException;
    }

    static <C extends Closeable> C graft(int received, Opening<C> opening) throws IOException {
        OwnedFd file = Kernel.own(KernelErrors.check("memfd_create", Memfd.create("fdpass-placeholder")));
        try {
            int hint = Numbers.next(file.number()); // to close one of the received file would drop locks
            C placeholder = opening.open(Path.of("/proc/self/fd/" + file.number()));
            try {
                int number = otherNumber(file.number(), hint);
                Kernel.putInPlace(received, number);
                return Grafted.remember(placeholder, number);
            } catch (Throwable t) {
                try (placeholder) {
                    throw t;
                }
            }
        } finally {
            Duplicates.closeQuietly(file); // nothing was written to it; to throw would lose the new object
        }
    }

    private static int otherNumber(int file, int hint) throws IOException {
        Statx stat = Statx.ofUnasked(file);
        KernelErrors.check("statx", stat.result());
        if (hint != Numbers.NONE && hint != file && Statx.ofUnasked(hint).isSameFile(stat)) {
            return hint;
        }
        for (int number : Numbers.open()) {
            if (number != file && Statx.ofUnasked(number).isSameFile(stat)) {
                return number;
            }
        }
        throw new IOException("the descriptor of a new file channel was not found");
    }
}
