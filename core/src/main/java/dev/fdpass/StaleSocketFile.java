package dev.fdpass;

import static dev.fdpass.linux.FileConstants.S_IFSOCK;
import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.Sockets;
import dev.fdpass.linux.Statx;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/** Removes the file of a socket that is no more, and never that of one that lives. */
final class StaleSocketFile {
    /**
     * How old a file must be before it can be stale: {@code bind(2)} makes the file a moment before the socket can be
     * found by it.
     */
    private static final long SETTLED_SECONDS = 2;

    private static final long PAUSE_MILLIS = 20;
    private static final long PATIENCE_MILLIS = 10_000;

    private StaleSocketFile() {}

    /**
     * Removes the file if nobody is bound to it.
     *
     * @return whether it was removed
     */
    static boolean remove(Path file, byte[] path) throws IOException {
        if (!isUnbound(file, path)) {
            return false;
        }
        Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a socket is in a directory");
        // One at a time: else another process could have removed it and bound its own between the look and the removal.
        try (OwnedFd directory = OwnedFd.open(parent)) {
            lock(directory, parent);
            Statx before = look(file, path);
            if (!isUnbound(file, path)) {
                return false; // by now: whoever waits for the lock is not held up by the pause
            }
            if (Instant.now().getEpochSecond() - before.changed() < SETTLED_SECONDS) {
                pause(SETTLED_SECONDS * 1000);
            }
            Statx now = look(file, path);
            // The number of an inode is given out again; with its time it is the same file.
            if (!now.isSameFile(before) || now.changed() != before.changed() || !isUnbound(file, path)) {
                return false;
            }
            long removed = FileIo.unlink(path);
            if (removed < 0 && !Errno.ENOENT.is(removed)) {
                throw Errors.onPath("unlink", file.toString(), removed);
            }
            return removed == 0;
        }
    }

    /**
     * Whether a socket file has no socket. A datagram socket asks: a stream socket would be refused also by one that is
     * bound and does not listen yet; of the wrong type the kernel says so only if there is one.
     */
    private static boolean isUnbound(Path file, byte[] path) throws IOException {
        if (look(file, path).format() != S_IFSOCK) {
            return false;
        }
        try (OwnedFd probe = SocketSetup.open(SOCK_DGRAM)) {
            return Errno.ECONNREFUSED.is(probe.use(number -> Sockets.connect(number, path)));
        }
    }

    /** What stands there; nothing is an answer, not to be told is none. */
    private static Statx look(Path file, byte[] path) throws IOException {
        Statx found = Statx.of(path);
        if (found.result() < 0 && !Errno.ENOENT.is(found.result())) {
            throw Errors.onPath("statx", file.toString(), found.result());
        }
        return found;
    }

    private static void lock(OwnedFd directory, Path parent) throws IOException {
        for (long waited = 0; waited < PATIENCE_MILLIS; waited += PAUSE_MILLIS) {
            long result = directory.use(FileIo::lock);
            if (result >= 0) {
                return;
            }
            if (!Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
                throw Errors.of("flock " + parent, result);
            }
            pause(PAUSE_MILLIS);
        }
        throw new IOException("another process has held the lock (flock) on " + parent + " for " + PATIENCE_MILLIS
                + " ms; nothing was removed");
    }

    private static void pause(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking whether a socket file is stale");
        }
    }
}
