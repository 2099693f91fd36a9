package dev.fdpass.jdk;

import static dev.fdpass.linux.FileConstants.O_APPEND;
import static dev.fdpass.linux.FileConstants.O_NONBLOCK;

import dev.fdpass.FdInfo;
import dev.fdpass.FdInfo.Access;
import dev.fdpass.OwnedFd;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Descriptors;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * File channels and streams of the JDK for files that came as descriptors, and descriptors of those of the JDK, ready to be
 * sent.
 *
 * <pre>{@code
 * try (OwnedFd fd = received.takeFd(0);                    // closes it if it is refused
 *         FileChannel log = JdkFiles.toFileChannel(fd)) {
 *     log.transferTo(0, log.size(), target);
 * }
 * }</pre>
 *
 * <p>Most code needs none of this: an {@link OwnedFd} is a channel too, and unlike those of the JDK it waits for a pipe that is
 * non-blocking, and is woken by {@code close} wherever it waits.
 *
 * <p>What is made here takes the descriptor: on success the {@link OwnedFd} is closed and the new object alone owns the open
 * file here; on any error the {@code OwnedFd} is open and the caller's. So keep that in a {@code try} of its own: to close it
 * after success does nothing. What to know of the new object:
 *
 * <ul>
 *   <li>The position belongs to the open file description: it is shared with everyone who has a descriptor for it, in other
 *       processes too. Whether it appends does as well, whatever the object was told.
 *   <li>{@code O_NONBLOCK} belongs to it too. Should a pipe become non-blocking later, the JDK throws where it would wait.
 *   <li>A thread that reads a pipe from a stream is not woken by closing that; one that reads from a channel is.
 *   <li>If it is forgotten, the JDK's cleaner closes it.
 *   <li>Locks ({@code fcntl(2)}, {@link FileChannel#lock()}) belong to the process: closing any descriptor of a file drops all
 *       that this process has on the file. To make an object closes the number that was received, and so does that too;
 *       closing a duplicate is no exception: send it to another process, and close it when no lock is held.
 * </ul>
 *
 * <p>Safe for use by several threads, interrupted ones too. Of several that make an object of one descriptor, one does. Where
 * nothing below says otherwise, the methods throw {@link ClosedChannelException} if what they are given is closed, or another
 * thread has made an object of it; {@link IllegalStateException} if another thread goes on using it, as one that waits for a
 * pipe does; {@link dev.fdpass.ErrnoException} with the error of a system call ({@code EMFILE} above all:
 * a conversion needs up to three descriptors for a moment), and {@link IOException} if what is wanted cannot be done without
 * a flag, which its message names. {@code /proc} must be mounted.
 *
 * <p>Man pages: {@code dup(2)}, {@code open(2)}, {@code fcntl(2)}.
 */
public final class JdkFiles {
    private JdkFiles() {}

    /**
     * A channel for a file, readable or writable as the descriptor is.
     *
     * @param fd a regular file, memory file, device or pipe; a pipe or character device must not be non-blocking, a file or
     *     device not opened with {@code O_DIRECT}
     * @return the channel
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException as above
     */
    public static FileChannel toFileChannel(OwnedFd fd) throws IOException {
        return take(fd, "FileChannel", EnumSet.of(Access.READ, Access.WRITE, Access.READ_WRITE), (number, info) -> {
            Set<OpenOption> options = channelOptions(info.access(), appends(number));
            return FileGraft.graft(number, path -> FileChannel.open(path, options));
        });
    }

    private static Set<OpenOption> channelOptions(Access access, boolean appends) {
        return switch (access) {
            case READ -> Set.of(StandardOpenOption.READ);
            case WRITE ->
                appends
                        ? Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                        : Set.of(StandardOpenOption.WRITE);
            // The JDK refuses READ with APPEND; the kernel appends all the same.
            default -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        };
    }

    /**
     * A stream that reads a file.
     *
     * @param fd as for {@link #toFileChannel}, readable
     * @return the stream
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException as above
     */
    public static FileInputStream toFileInputStream(OwnedFd fd) throws IOException {
        return take(
                fd,
                "FileInputStream",
                EnumSet.of(Access.READ, Access.READ_WRITE),
                (number, info) -> FileGraft.graft(number, path -> new FileInputStream(path.toFile())));
    }

    /**
     * A stream that writes a file.
     *
     * @param fd as for {@link #toFileChannel}, writable
     * @return the stream
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException as above
     */
    public static FileOutputStream toFileOutputStream(OwnedFd fd) throws IOException {
        return take(fd, "FileOutputStream", EnumSet.of(Access.WRITE, Access.READ_WRITE), (number, info) -> {
            boolean appends = appends(number);
            return FileGraft.graft(number, path -> new FileOutputStream(path.toFile(), appends));
        });
    }

    private static boolean appends(int number) throws IOException {
        return (KernelErrors.check("fcntl(F_GETFL)", Descriptors.getStatusFlags(number)) & O_APPEND) != 0;
    }

    /** Makes an object of the JDK of a descriptor that has been looked at. */
    private interface Making<T> {
        T make(int number, FdInfo info) throws IOException;
    }

    private static <T extends Closeable> T take(OwnedFd fd, String what, Set<Access> wanted, Making<T> making)
            throws IOException {
        FdInfo info = fd.info();
        return Taking.take(fd, number -> {
            check(fd, what, info, number);
            if (!wanted.contains(info.access())) {
                throw new IllegalArgumentException(
                        fd + " was opened to " + info.access() + ", which does not do for a " + what);
            }
            return making.make(number, info);
        });
    }

    private static void check(OwnedFd fd, String what, FdInfo info, int number) throws IOException {
        boolean mayWait = switch (info.kind()) {
            case REGULAR, MEMFD, BLOCK_DEVICE -> false;
            case PIPE, CHARACTER_DEVICE -> true;
            case SOCKET ->
                throw new IllegalArgumentException(fd + " is a socket, and a " + what
                        + " would destroy descriptors that come with its bytes; use JdkSockets, or UnixStream");
            default ->
                throw new IllegalArgumentException(
                        fd + " is a " + info.kind() + "; a " + what + " is for a file, a device or a pipe");
        };
        if (info.kind() != FdInfo.Kind.PIPE && info.flags().contains(FdInfo.Flag.DIRECT)) {
            throw new IllegalArgumentException(
                    fd + " was opened with O_DIRECT, and a " + what
                            + " would fail with EINVAL; an OwnedFd is a channel itself, for buffers that are aligned as open(2) says");
        }
        long flags = KernelErrors.check("fcntl(F_GETFL)", Descriptors.getStatusFlags(number));
        if (mayWait && (flags & O_NONBLOCK) != 0) {
            throw new IllegalArgumentException(fd + " is non-blocking, and a " + what + " throws where it would wait;"
                    + " an OwnedFd is a channel itself, and waits");
        }
    }

    /**
     * A descriptor of one's own for the file of a channel, which goes on owning and using its own.
     *
     * <p>It is found by locking one byte near the position {@link Long#MAX_VALUE}, for as long as it takes to look at the
     * descriptors that it may be: in the beginning those of files of its size, some 10 µs each. Who locks all of the file
     * meanwhile is hindered: another process finds it locked, another thread gets an
     * {@link java.nio.channels.OverlappingFileLockException}. Of a file that is locked as a whole already, and stays so, it cannot
     * be done. Should another thread close and open descriptors meanwhile, a wrong one may have been duplicated; that is closed
     * again, which drops the locks of this process on that file. With the flags
     * {@code --add-opens java.base/java.io} and {@code java.base/sun.nio.ch} nothing is searched for or locked.
     *
     * @param channel an open channel of the JDK, in use by any number of threads
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(FileChannel channel) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        int number = Grafted.numberOf(channel);
        if (number == Numbers.NONE) {
            number = FileInternals.number(OfTheJdk.check(channel));
        }
        return number == Numbers.NONE
                ? PlatformThread.apart(() -> FileSearch.duplicate(channel))
                : Duplicates.ofNumber(number, channel::isOpen);
    }

    /**
     * As {@link #duplicateOf(FileChannel)}, of a stream.
     *
     * @param stream an open stream
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(FileInputStream stream) throws IOException {
        return duplicateOf(stream, stream.getFD(), stream::getChannel);
    }

    /**
     * As {@link #duplicateOf(FileChannel)}, of a stream. What it has buffered is not written: flush it before.
     *
     * @param stream an open stream
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(FileOutputStream stream) throws IOException {
        return duplicateOf(stream, stream.getFD(), stream::getChannel);
    }

    /**
     * As {@link #duplicateOf(FileChannel)}, of a file for random access.
     *
     * @param file an open file
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(RandomAccessFile file) throws IOException {
        return duplicateOf(file, file.getFD(), file::getChannel);
    }

    private static OwnedFd duplicateOf(Object object, FileDescriptor descriptor, Supplier<FileChannel> channel)
            throws IOException {
        if (!descriptor.valid()) {
            throw new ClosedChannelException();
        }
        int number = Grafted.numberOf(object);
        if (number == Numbers.NONE) {
            number = FileInternals.number(descriptor);
        }
        return number == Numbers.NONE
                ? PlatformThread.apart(() -> FileSearch.duplicate(channel.get()))
                : Duplicates.ofNumber(number, descriptor::valid);
    }
}
