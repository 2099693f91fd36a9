package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import java.io.IOException;

/** A descriptor whose open file has another owner too. */
final class Taken {
    private Taken() {}

    /** Closes it. That fails only to report what was lost in writing before; to throw would lose the new owner besides. */
    static void close(OwnedFd fd) {
        try {
            fd.close();
        } catch (IOException e) {
            // The number is free nevertheless.
        }
    }
}
