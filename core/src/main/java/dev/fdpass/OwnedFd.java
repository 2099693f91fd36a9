package dev.fdpass;

import dev.fdpass.internal.Inherited;
import dev.fdpass.linux.ControlRoom;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.Statx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * Owns one file descriptor: whoever holds this object closes the number, once. Sending borrows it, receiving makes a
 * new one.
 *
 * <p>It is also a channel on the open file, whatever that is. Position and status flags belong to the open file
 * description and are therefore shared with everyone who has a descriptor for it, the sender of a received one
 * included; this class never changes status flags. A pipe, a device or the like blocks as it does anywhere, but a thread
 * that waits here is woken by {@link #close} ({@link java.nio.channels.AsynchronousCloseException}) and by an interrupt
 * ({@link java.nio.channels.ClosedByInterruptException}, and the descriptor is closed).
 *
 * <p>Safe for use by several threads. One that is forgotten is closed by a cleaner, with a warning to the
 * {@code dev.fdpass} logger that says where it came from.
 *
 * <p>Operations throw {@link ClosedChannelException} once closed,
 * {@link java.nio.channels.NonReadableChannelException} or {@link java.nio.channels.NonWritableChannelException} if it
 * was not opened for that, and {@link ErrnoException} with the error of the system call where nothing below says
 * otherwise. Man pages: {@code open(2)}, {@code close(2)}, {@code fcntl(2)}.
 */
public final class OwnedFd
        implements SeekableByteChannel, GatheringByteChannel, ScatteringByteChannel, InterruptibleChannel, AsFd {

    private final Descriptor descriptor;
    private final Cleaner.Cleanable cleanable;
    private final FdChannel channel;

    // Of a socket; here because all its views share it.
    /** Options known to add control messages, bits of {@link ControlRoom}. */
    private volatile int options;
    /** Options of a listener that were set through one of its views. */
    private volatile Set<ScmOption> listenerOptions = Set.of();

    /** Takes over a number that has an owner until this returns; should it throw, that one still has it. */
    OwnedFd(int number, Origin origin) {
        descriptor = new Descriptor(number, origin);
        channel = new FdChannel(descriptor);
        cleanable = Forgotten.watch(this, descriptor);
    }

    /** Takes over a number that the kernel has just made; should there be no memory for an owner, it is closed. */
    static OwnedFd ofNew(int number, String how, Object where) {
        try {
            return new OwnedFd(number, new Origin(how, where));
        } catch (Throwable t) {
            Descriptors.close(number);
            throw t;
        }
    }

    /** As {@link #ofNew(int, String, Object)}: to make an object of {@code where} needs memory too. */
    static OwnedFd ofNew(int number, String how, int where) {
        try {
            return new OwnedFd(number, new Origin(how, where));
        } catch (Throwable t) {
            Descriptors.close(number);
            throw t;
        }
    }

    /**
     * Opens a file, as {@link java.nio.channels.FileChannel#open} does; always close-on-exec, and never as a
     * controlling terminal. Directories and devices can be opened too, and {@code READ} goes together with
     * {@code APPEND}.
     *
     * @param path a path of the default file system
     * @param options {@link java.nio.file.StandardOpenOption}s and {@link java.nio.file.LinkOption#NOFOLLOW_LINKS}; none
     *     means {@code READ}. A new file gets mode 0666 less the umask; with {@code DELETE_ON_CLOSE} its name is removed at
     *     once, if it can be
     * @return the owner of the new descriptor
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws java.nio.file.AccessDeniedException if it may not be opened so
     * @throws java.nio.file.FileAlreadyExistsException if {@code CREATE_NEW} was given and it exists
     * @throws IOException if the system refuses for another reason
     */
    public static OwnedFd open(Path path, OpenOption... options) throws IOException {
        OpenFlags flags = new OpenFlags(options);
        // The JDK's empty path is the working directory; the kernel's is an error.
        byte[] bytes = path.toString().isEmpty() ? new byte[] {'.'} : NativePaths.bytes(path);
        long number = FileIo.open(bytes, flags.bits(), 0666);
        if (number < 0) {
            throw Errors.onPath("open", path.toString(), number);
        }
        OwnedFd fd = ofNew((int) number, "opened", path);
        if (flags.isDeleteOnClose()) {
            // At once, as the JDK does: the file lives on until the last descriptor is closed.
            FileIo.unlink(bytes);
        }
        return fd;
    }

    /**
     * Takes over a descriptor number that something else opened, such as one inherited at start or made by a native
     * call, and sets close-on-exec on it. From now on nobody else may close it.
     *
     * @param number an open descriptor, 0 or more
     * @return its owner
     * @throws IllegalArgumentException if no such descriptor is open
     * @throws UncheckedIOException if the system refuses to set close-on-exec on it
     */
    public static OwnedFd adopt(int number) {
        long result = number < 0 ? -Errno.EBADF.number() : Descriptors.setCloseOnExec(number, true);
        if (Errno.EBADF.is(result)) {
            throw new IllegalArgumentException("descriptor " + number + " is not open in this process");
        }
        if (result < 0) {
            throw new UncheckedIOException(Errors.of("fcntl(F_SETFD) " + number, result));
        }
        return new OwnedFd(number, new Origin("adopted as", number));
    }

    /**
     * A descriptor of one's own for an open file that something else owns and goes on owning, such as a channel of the
     * JDK, or standard input: a new number for the same open file description, close-on-exec ({@code F_DUPFD_CLOEXEC}).
     *
     * @param number an open descriptor, 0 or more, which its owner must not close meanwhile
     * @return the new owner, to be closed by itself
     * @throws IOException if no such descriptor is open ({@code EBADF}), or no more can be had ({@code EMFILE})
     */
    public static OwnedFd duplicateOf(int number) throws IOException {
        long duplicate = Errors.check("fcntl(F_DUPFD_CLOEXEC) " + number, Descriptors.duplicate(number));
        return ofNew((int) duplicate, "duplicated from", number);
    }

    /**
     * Whether this process was started with a descriptor, and did not open it itself, as far as can be told: it is open, not
     * close-on-exec, and not a file that the JVM has its classes from. What other native code opened without
     * {@code O_CLOEXEC} looks inherited as well; what was {@linkplain #adopt adopted} does not any more.
     *
     * @param number any number, 0 or more
     * @return whether whoever started this process gave it
     * @throws IOException if the system refuses to tell
     */
    public static boolean isInherited(int number) throws IOException {
        return Inherited.is(number);
    }

    /**
     * A second descriptor for the same open file description, close-on-exec as every one here ({@code F_DUPFD_CLOEXEC}).
     *
     * @return the new owner, to be closed by itself
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public OwnedFd duplicate() throws IOException {
        return use(OwnedFd::duplicateOf);
    }

    /**
     * Whether this and another descriptor are for the same open file description, as duplicates are, and what was passed and
     * came back. Two openings of one file are not.
     *
     * @param other another descriptor of this process, or this one
     * @return whether they share position and status flags
     * @throws IOException if one is closed, or the kernel cannot tell: it has neither {@code F_DUPFD_QUERY} (Linux 6.10) nor
     *     {@code kcmp(2)}, or forbids it ({@code ENOSYS}, {@code EPERM})
     */
    public boolean isSameOpenFile(AsFd other) throws IOException {
        OwnedFd second = other.asFd();
        return use(number -> second.use(another -> Errors.check(
                        "fcntl(F_DUPFD_QUERY) " + number + ", " + another, Descriptors.isSameOpenFile(number, another))
                == 1));
    }

    /**
     * Gives the number away: this object is closed without closing the descriptor, which the caller now owns.
     *
     * @return the open descriptor number
     * @throws ClosedChannelException if it is closed already
     * @throws IllegalStateException if another thread is using it at this moment
     */
    public int detach() throws ClosedChannelException {
        int number = descriptor.detach();
        cleanable.clean();
        return number;
    }

    /**
     * The number, for logs and for handing to a child process. It may be closed and mean another file the moment after;
     * to use it in a call of your own see {@link #use}.
     *
     * @return the number this object owns or owned
     */
    public int number() {
        return descriptor.number();
    }

    /**
     * Lends the number to code that makes a system call of its own with it. As long as that runs the number is not
     * closed: a concurrent {@link #close} waits for it (and would wait for itself, if called from in there).
     *
     * @param action what to do with the number; it must neither close it, nor this, nor keep it
     * @param <R> the type of the result
     * @param <X> what {@code action} throws
     * @return what {@code action} returned
     * @throws X what {@code action} throws
     * @throws ClosedChannelException if this is closed
     */
    public <R, X extends Exception> R use(Use<R, X> action) throws X, ClosedChannelException {
        int number = descriptor.acquire();
        try {
            return action.apply(number);
        } finally {
            release();
        }
    }

    /**
     * Code that uses a descriptor number for the length of a call.
     *
     * @param <R> the type of the result
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Use<R, X extends Exception> {
        /**
         * Uses the number.
         *
         * @param number an open descriptor, until this returns
         * @return any result
         * @throws X as declared
         */
        R apply(int number) throws X;
    }

    /**
     * What this descriptor refers to, asked of the kernel now.
     *
     * @return kind, access mode, size, device, inode and name
     * @throws IOException if it is closed
     */
    public FdInfo info() throws IOException {
        return use(FdInfo::of);
    }

    /** {@return this} */
    @Override
    public OwnedFd asFd() {
        return this;
    }

    @Override
    public boolean isOpen() {
        return descriptor.isOpen();
    }

    /**
     * Closes the descriptor and returns when it is closed. Threads that wait in an operation are woken; one that is in
     * a system call on a file that cannot be waited for (a disk) is awaited. Further calls do nothing.
     *
     * @throws IOException if {@code close(2)} reports that earlier writes were lost ({@code EIO}, {@code ENOSPC},
     *     {@code EDQUOT}); the number is free nevertheless
     */
    @Override
    public void close() throws IOException {
        try {
            descriptor.close();
        } finally {
            cleanable.clean();
        }
    }

    /** Closes what could not be used for {@code reason}; an error of that is not to hide the reason. */
    void closeBecauseOf(Throwable reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Closes what a stranger sent and nobody wants, without waiting until that is done: {@code close(2)} can wait as long as
     * the sender likes, for a file of a file system that it serves, or a socket with {@code SO_LINGER}. Threads that wait in
     * an operation are woken, and it is closed for everybody at once; the number a moment later, by a thread of the library.
     * What closing reports is lost. Further calls do nothing.
     */
    public void closeAside() {
        try {
            descriptor.beginCloseAside();
        } finally {
            cleanable.clean();
        }
    }

    /** The number's guard, for the operations of this package, which end with {@link #release}. */
    Descriptor descriptor() {
        return descriptor;
    }

    int controlRoom() {
        return ControlRoom.bytes(options);
    }

    /**
     * Asks the kernel which options are set on this socket. Should it not say, there is room for all.
     *
     * @return what it said: options, or the negated error number
     */
    long learnOptions(int number) {
        return learned(ControlRoom.askAgain(number, options));
    }

    /** Whether a message showed an option that was not known to be set. */
    boolean isNews(int seen) {
        return (seen & ~options) != 0;
    }

    /** Asks again, if a message that showed {@code seen}, or lacked room, gives reason to. */
    void learnFrom(int number, int seen) {
        if (ControlRoom.isOutdated(number, options, seen)) {
            long unused = learned(ControlRoom.askAgain(number, seen | options));
        }
    }

    private long learned(long answer) {
        int known = answer < 0 ? ControlRoom.ALL : (int) answer;
        options = known;
        return answer;
    }

    Set<ScmOption> listenerOptions() {
        return listenerOptions;
    }

    synchronized void addListenerOption(ScmOption option) {
        Set<ScmOption> all = EnumSet.of(option);
        all.addAll(listenerOptions);
        listenerOptions = all;
    }

    /** Ends an operation that began with an acquire of {@link #descriptor}. */
    void release() {
        try {
            descriptor.release();
        } finally {
            // An owner in use is not forgotten, even if its user holds nothing but the descriptor.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads up to {@code dst.remaining()} bytes; waits for the first.
     *
     * @return bytes read, or -1 at the end
     * @throws UnsupportedOperationException if this is a Unix-domain socket, where {@code read(2)} would destroy
     *     descriptors that come with the bytes: adopt it as a {@link UnixStream} or the like
     */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        try {
            return channel.read(dst, FdChannel.CURRENT);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads at a position of the file and leaves the shared position alone ({@code pread(2)}).
     *
     * @param dst where to
     * @param position bytes from the beginning, 0 or more
     * @return bytes read, or -1 at the end
     * @throws IOException as for {@link #read(ByteBuffer)}; {@code ESPIPE} for what has no position
     */
    public int read(ByteBuffer dst, long position) throws IOException {
        try {
            return channel.read(dst, FdChannel.checkPosition(position));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        try {
            return channel.read(dsts, offset, length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long read(ByteBuffer[] dsts) throws IOException {
        return read(dsts, 0, dsts.length);
    }

    /**
     * Writes all of {@code src}; waits where the file makes it.
     *
     * @return bytes written
     */
    @Override
    public int write(ByteBuffer src) throws IOException {
        try {
            return channel.write(src, FdChannel.CURRENT);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Writes all of {@code src} at a position of the file and leaves the shared position alone ({@code pwrite(2)}, which
     * on Linux appends all the same to a file opened with {@code APPEND}).
     *
     * @param src what to write
     * @param position bytes from the beginning, 0 or more
     * @return bytes written
     * @throws IOException as for {@link #write(ByteBuffer)}; {@code ESPIPE} for what has no position
     */
    public int write(ByteBuffer src, long position) throws IOException {
        try {
            return channel.write(src, FdChannel.checkPosition(position));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        try {
            return channel.write(srcs, offset, length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long write(ByteBuffer[] srcs) throws IOException {
        return write(srcs, 0, srcs.length);
    }

    /**
     * The position, which is shared with every descriptor of the same open file description.
     *
     * @return bytes from the beginning; 0 for what has no position (a pipe, a socket, an eventfd)
     */
    @Override
    public long position() throws IOException {
        return use(FdChannel::position);
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        FdChannel.checkPosition(newPosition);
        use(number -> FdChannel.position(number, newPosition));
        return this;
    }

    @Override
    public long size() throws IOException {
        return use(number -> {
            Statx stat = Statx.of(number);
            Errors.check("statx", stat.result());
            return stat.size();
        });
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("the size is " + size + "; it must be 0 or more");
        }
        use(number -> FdChannel.truncate(number, size));
        return this;
    }

    /** The number and, while open, what it refers to: {@code "fd 7 (regular, read, /etc/hosts)"}. */
    @Override
    public String toString() {
        try {
            FdInfo info = info();
            return "fd " + number() + " (" + info.kind() + ", " + info.access() + ", " + info.name() + ")";
        } catch (IOException e) {
            return "fd " + number() + " (closed)";
        }
    }
}
