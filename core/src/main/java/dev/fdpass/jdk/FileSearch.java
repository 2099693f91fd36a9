package dev.fdpass.jdk;

import static dev.fdpass.linux.FileConstants.O_ACCMODE;
import static dev.fdpass.linux.FileConstants.O_APPEND;
import static dev.fdpass.linux.FileConstants.O_RDONLY;
import static dev.fdpass.linux.FileConstants.O_RDWR;
import static dev.fdpass.linux.FileConstants.O_WRONLY;

import dev.fdpass.OwnedFd;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.FileIo;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a file channel. A lock of one byte far behind any end, for a moment, shows in
 * {@code /proc/self/fdinfo} of all descriptors of its file; of those, the access mode and then the position tell which.
 */
final class FileSearch {
    /** Others may open and close the same file meanwhile. */
    private static final int ATTEMPTS = 4;

    private static final long FAR = Long.MAX_VALUE - (1L << 40);

    private final FileChannel channel;
    private final int access;

    private FileSearch(FileChannel channel) throws IOException {
        this.channel = channel;
        access = isLockable(true) ? isLockable(false) ? O_RDWR : O_RDONLY : O_WRONLY;
    }

    /** Shared locks need a channel that reads, others one that writes. */
    private boolean isLockable(boolean shared) throws IOException {
        try {
            FileLock lock = lock(ThreadLocalRandom.current().nextLong(FAR, Long.MAX_VALUE - 1), shared);
            lock.release();
            return true;
        } catch (NonReadableChannelException | NonWritableChannelException e) {
            return false;
        }
    }

    private FileLock lock(long position, boolean shared) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock(position, 1, shared);
        } catch (OverlappingFileLockException e) {
            throw indistinct("since this JVM has a lock on all of its file", e);
        }
        if (lock == null) {
            throw indistinct("since another process has a lock on all of its file", null);
        }
        return lock;
    }

    private static IOException indistinct(String why, @Nullable Throwable cause) {
        return new IOException(
                "the descriptor of a file channel could not be told from others, " + why
                        + Advice.startWith(FileInternals.PACKAGE) + " and "
                        + Advice.flagToOpen(SocketInternals.PACKAGE),
                cause);
    }

    /** A duplicate of a channel's descriptor. */
    static synchronized OwnedFd duplicate(FileChannel channel) throws IOException {
        FileSearch search = new FileSearch(channel);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            OwnedFd found = search.attempt();
            if (found != null) {
                return found;
            }
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
        }
        throw indistinct("since its file is open more than once in the same way", null);
    }

    /**
     * Looks, duplicates, and looks again: the channel's own number is there both times, so if all that look like it are one
     * open file description, and the duplicate is of that one, it is the channel's.
     */
    private @Nullable OwnedFd attempt() throws IOException {
        List<Integer> before = candidates();
        if (!areOneOpenFile(before)) {
            return null;
        }
        OwnedFd duplicate = Search.duplicateIfOpen(before.getFirst());
        if (duplicate == null) {
            return null;
        }
        try {
            List<Integer> after = candidates();
            if (after.contains(duplicate.number()) && areOneOpenFile(after) && channel.isOpen()) {
                return duplicate;
            }
        } catch (Throwable t) {
            try (duplicate) {
                throw t;
            }
        }
        Taken.close(duplicate);
        return null;
    }

    /** Descriptors of the channel's file that are open as it is; if those are several files, the ones at its position. */
    private List<Integer> candidates() throws IOException {
        List<Integer> found = new ArrayList<>();
        long position = ThreadLocalRandom.current().nextLong(FAR, Long.MAX_VALUE - 1);
        FileLock lock = lock(position, access != O_WRONLY);
        try {
            String mark = " " + position + " " + position + "\n";
            for (int number : Numbers.open()) {
                if ((Descriptors.getStatusFlags(number) & (FileConstants.O_PATH | O_ACCMODE)) == access
                        && shows(number, mark)) {
                    found.add(number);
                }
            }
        } finally {
            lock.release();
        }
        return areOneOpenFile(found) ? found : atPosition(found);
    }

    private static boolean shows(int number, String mark) {
        try {
            return Files.readString(Path.of("/proc/self/fdinfo/" + number)).contains(mark);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private List<Integer> atPosition(List<Integer> numbers) throws IOException {
        List<Integer> found = new ArrayList<>();
        long position = position();
        for (int number : numbers) {
            long flags = Descriptors.getStatusFlags(number);
            // Of one that appends, the JDK says the size of the file.
            if ((flags & O_APPEND) != 0 || FileIo.lseek(number, 0, FileConstants.SEEK_CUR) == position) {
                found.add(number);
            }
        }
        return position() == position ? found : List.of(); // somebody reads or writes meanwhile
    }

    private long position() throws IOException {
        try {
            return channel.position();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return -1; // it has none, and no two of its kind can be told apart
        }
    }

    private static boolean areOneOpenFile(List<Integer> numbers) throws IOException {
        for (int number : numbers) {
            if (!Kernel.isSameOpenFile(numbers.getFirst(), number)) {
                return false;
            }
        }
        return !numbers.isEmpty();
    }
}
