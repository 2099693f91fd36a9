package dev.fdpass.jdk;

import static dev.fdpass.linux.FileConstants.O_ACCMODE;
import static dev.fdpass.linux.FileConstants.O_PATH;
import static dev.fdpass.linux.FileConstants.O_RDONLY;
import static dev.fdpass.linux.FileConstants.O_WRONLY;
import static dev.fdpass.linux.FileConstants.S_IFBLK;
import static dev.fdpass.linux.FileConstants.S_IFCHR;
import static dev.fdpass.linux.FileConstants.S_IFIFO;
import static dev.fdpass.linux.FileConstants.S_IFREG;

import dev.fdpass.OwnedFd;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Statx;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a file channel. A lock of one byte far behind any end, for a moment, shows in
 * {@code /proc/self/fdinfo} of the descriptors of the open file description that it was taken through, and of no other,
 * be it of the same file.
 */
final class FileSearch {
    /** Others may close a descriptor, and open another as its number, meanwhile. */
    private static final int ATTEMPTS = 4;

    /** As long as one lock is held, nobody can lock the whole file, so only so many descriptors are looked at. */
    private static final int LOOKS = 32;

    /** So often another thread or process may have locked the whole file for a moment. */
    private static final int LOCK_ATTEMPTS = 20;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long FAR = Long.MAX_VALUE - (1L << 40);

    private static final long ANY_SIZE = -1;

    private final FileChannel channel;
    private final boolean isReadable;

    private FileSearch(FileChannel channel) throws IOException {
        this.channel = channel;
        isReadable = isReadable(channel);
    }

    /** Shared locks need a channel that reads. */
    private static boolean isReadable(FileChannel channel) throws IOException {
        try {
            lock(channel, farAway(), true).release();
            return true;
        } catch (NonReadableChannelException e) {
            return false;
        }
    }

    private static long farAway() {
        return ThreadLocalRandom.current().nextLong(FAR, Long.MAX_VALUE - 1);
    }

    private static FileLock lock(FileChannel channel, long position, boolean shared) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                FileLock lock = channel.tryLock(position, 1, shared);
                if (lock != null) {
                    return lock;
                }
                if (attempt == LOCK_ATTEMPTS) {
                    throw indistinct("since another process has a lock on all of its file", null);
                }
            } catch (OverlappingFileLockException e) {
                if (attempt == LOCK_ATTEMPTS) {
                    throw indistinct("since this JVM has a lock on all of its file", e);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static IOException indistinct(String why, @Nullable Throwable cause) {
        return new IOException(
                "the descriptor of a file channel could not be told from others, " + why
                        + Advice.startWith(FileInternals.PACKAGE) + " and "
                        + Advice.flagToOpen(SocketInternals.PACKAGE),
                cause);
    }

    /** A duplicate of a channel's descriptor. The thread must not be interrupted, or the channel would be closed. */
    static synchronized OwnedFd duplicate(FileChannel channel) throws IOException {
        FileSearch search = new FileSearch(channel);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            OwnedFd found = search.attempt(attempt == 0);
            if (found != null) {
                return found;
            }
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
        }
        throw indistinct("since /proc/self/fdinfo does not show its locks", null);
    }

    /** Looks, duplicates, and looks at the duplicate: what shows a lock of the channel is its open file. */
    private @Nullable OwnedFd attempt(boolean bySize) throws IOException {
        long size = bySize ? channel.size() : ANY_SIZE;
        int[] likely = Arrays.stream(Numbers.open())
                .filter(number -> maybe(number, size))
                .toArray();
        int number = find(likely);
        OwnedFd duplicate = number == Numbers.NONE ? null : Duplicates.ifOpen(number);
        if (duplicate == null) {
            return null;
        }
        try {
            if (find(duplicate.number()) == duplicate.number()) {
                return duplicate;
            }
        } catch (Throwable t) {
            try (duplicate) {
                throw t;
            }
        }
        Duplicates.closeQuietly(duplicate);
        return null;
    }

    /** Whether a number is open as the channel's is, as far as can be seen without a lock; a size may change at any time. */
    private boolean maybe(int number, long size) {
        long flags = Descriptors.getStatusFlags(number);
        long access = flags & O_ACCMODE;
        return flags >= 0
                && (flags & O_PATH) == 0
                && (isReadable ? access != O_WRONLY : access != O_RDONLY)
                && maybe(Statx.ofUnasked(number), size);
    }

    private static boolean maybe(Statx stat, long size) {
        return switch (stat.format()) {
            case S_IFREG -> size == ANY_SIZE || stat.size() == size;
            case S_IFIFO, S_IFCHR, S_IFBLK -> true;
            default -> false;
        };
    }

    /** The first that shows a lock of the channel, or {@link Numbers#NONE}. */
    private int find(int... numbers) throws IOException {
        for (int from = 0; from < numbers.length; from += LOOKS) {
            long position = farAway();
            FileLock lock = lock(channel, position, isReadable);
            try {
                String mark = " " + position + " " + position + "\n";
                for (int i = from; i < Math.min(from + LOOKS, numbers.length); i++) {
                    if (shows(numbers[i], mark)) {
                        return numbers[i];
                    }
                }
            } finally {
                lock.release();
            }
        }
        return Numbers.NONE;
    }

    private static boolean shows(int number, String mark) {
        try {
            return Files.readString(Path.of("/proc/self/fdinfo/" + number)).contains(mark);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
