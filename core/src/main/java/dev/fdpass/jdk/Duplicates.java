package dev.fdpass.jdk;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.linux.Errno;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Duplicates of descriptors that others own: what is looked at cannot be closed and be another file meanwhile. */
final class Duplicates {
    private Duplicates() {}

    /** Null if the number was closed meanwhile. */
    static @Nullable OwnedFd ifOpen(int number) throws IOException {
        try {
            return OwnedFd.duplicateOf(number);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF.number()) {
                return null;
            }
            throw e;
        }
    }

    /** Of the number of an object, which was still the object's when it was duplicated if that is open afterwards. */
    static OwnedFd ofNumber(int number, BooleanSupplier isOpen) throws IOException {
        OwnedFd duplicate = ifOpen(number);
        if (duplicate == null) {
            throw new ClosedChannelException();
        }
        if (!isOpen.getAsBoolean()) {
            closeQuietly(duplicate);
            throw new ClosedChannelException();
        }
        return duplicate;
    }

    /** Whether there is one open file description for all of them, and any at all. */
    static boolean areOneOpenFile(List<OwnedFd> found) throws IOException {
        for (OwnedFd each : found) {
            if (!Kernel.isSameOpenFile(found.getFirst().number(), each.number())) {
                return false;
            }
        }
        return !found.isEmpty();
    }

    /** Closes duplicates that nobody wants. That one of several fails to close must not lose the one that was found. */
    static void closeAll(List<OwnedFd> fds) {
        fds.forEach(Duplicates::closeQuietly);
    }

    /**
     * Closes a descriptor whose open file has another owner too. That fails only to report what was lost in writing before;
     * to throw would lose the other owner besides.
     */
    static void closeQuietly(OwnedFd fd) {
        try {
            fd.close();
        } catch (IOException e) {
            // The number is free nevertheless.
        }
    }
}
