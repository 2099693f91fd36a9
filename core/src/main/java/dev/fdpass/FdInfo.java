package dev.fdpass;

import static dev.fdpass.linux.FileConstants.FD_CLOEXEC;
import static dev.fdpass.linux.FileConstants.O_ACCMODE;
import static dev.fdpass.linux.FileConstants.O_APPEND;
import static dev.fdpass.linux.FileConstants.O_ASYNC;
import static dev.fdpass.linux.FileConstants.O_CLOEXEC;
import static dev.fdpass.linux.FileConstants.O_DSYNC;
import static dev.fdpass.linux.FileConstants.O_NOATIME;
import static dev.fdpass.linux.FileConstants.O_NONBLOCK;
import static dev.fdpass.linux.FileConstants.O_PATH;
import static dev.fdpass.linux.FileConstants.O_RDONLY;
import static dev.fdpass.linux.FileConstants.O_SYNC;
import static dev.fdpass.linux.FileConstants.O_WRONLY;
import static dev.fdpass.linux.FileConstants.S_IFBLK;
import static dev.fdpass.linux.FileConstants.S_IFCHR;
import static dev.fdpass.linux.FileConstants.S_IFDIR;
import static dev.fdpass.linux.FileConstants.S_IFIFO;
import static dev.fdpass.linux.FileConstants.S_IFLNK;
import static dev.fdpass.linux.FileConstants.S_IFREG;
import static dev.fdpass.linux.FileConstants.S_IFSOCK;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Fdinfo;
import dev.fdpass.linux.Memfd;
import dev.fdpass.linux.OpenFlag;
import dev.fdpass.linux.Statx;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a descriptor refers to, at the moment of asking. Immutable.
 *
 * <p>Two descriptors of the same file have the same {@code device} and {@code inode}; anonymous files (eventfd, epoll, …)
 * share one inode, so for them that proves nothing. Man pages: {@code statx(2)}, {@code fcntl(2)}, {@code proc(5)}.
 *
 * @param number the descriptor number in this process
 * @param kind the kind of file
 * @param access what may be done through this descriptor
 * @param size bytes, for a regular file or memory file; else what the kernel says, mostly 0. On a file system that another
 *     machine or process serves, as last known: {@link OwnedFd#size} asks it
 * @param device the device that holds the file, as {@code makedev(3)} encodes it
 * @param inode the inode number
 * @param flags the status flags of the open file description, which everybody who has a descriptor for it shares
 * @param closeOnExec whether this descriptor ends when its process executes another program
 * @param name what {@code /proc/self/fd} calls it: a path, or {@code pipe:[…]}, {@code socket:[…]}, {@code anon_inode:[…]};
 *     empty where {@code /proc} is not mounted, which also makes a memory file look {@code REGULAR} and an eventfd and
 *     the like {@code ANONYMOUS}. A name, not a proof: a file may be renamed at any time
 */
public record FdInfo(
        int number,
        Kind kind,
        Access access,
        Set<Flag> flags,
        boolean closeOnExec,
        long size,
        long device,
        long inode,
        String name) {

    /** The kinds of file that a descriptor can refer to. */
    public enum Kind {
        /** A file with content and a position. */
        REGULAR,
        /**
         * A regular file that lives in memory, {@code memfd_create(2)}; no file of a {@code tmpfs} is one. To tell the two
         * apart a process makes one of its own once, when it first looks at any, which needs a free descriptor number
         * ({@code EMFILE}).
         */
        MEMFD,
        /** A directory. */
        DIRECTORY,
        /** A pipe or FIFO. */
        PIPE,
        /** A socket of any family. */
        SOCKET,
        /** A character device, terminals among them. */
        CHARACTER_DEVICE,
        /** A block device. */
        BLOCK_DEVICE,
        /** A symbolic link itself, opened with {@code O_PATH}. */
        SYMBOLIC_LINK,
        /** An {@code eventfd(2)}. */
        EVENTFD,
        /** An {@code epoll(7)} instance. */
        EPOLL,
        /** A {@code pidfd_open(2)} descriptor. */
        PIDFD,
        /** Any other file without an inode of its own: timerfd, signalfd, inotify, io_uring, … */
        ANONYMOUS;

        /** The name for people, such as {@code "character device"}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What may be done through a descriptor: the access mode of {@code open(2)}. */
    public enum Access {
        /** {@code O_RDONLY}. */
        READ,
        /** {@code O_WRONLY}. */
        WRITE,
        /** {@code O_RDWR}. */
        READ_WRITE,
        /** {@code O_PATH}: names a place in the file tree and can neither be read nor written. */
        PATH;

        /** The name for people, such as {@code "read write"}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** Status flags of {@code open(2)}, as far as they can be seen. */
    public enum Flag {
        /** {@code O_APPEND}: every write goes to the end. */
        APPEND(O_APPEND),
        /** {@code O_NONBLOCK}: what would have to wait fails instead. */
        NONBLOCK(O_NONBLOCK),
        /** {@code O_DIRECT}: without the page cache. */
        DIRECT(OpenFlag.O_DIRECT.value()),
        /** {@code O_DSYNC}: data is on the disk when a write returns. */
        DSYNC(O_DSYNC),
        /** {@code O_SYNC}: as {@code DSYNC}, which goes with it, and all about the file too. */
        SYNC(O_SYNC),
        /** {@code O_ASYNC}: a signal tells that it is ready. */
        ASYNC(O_ASYNC),
        /** {@code O_NOATIME}: reading does not change the time of the last access. */
        NOATIME(O_NOATIME);

        private final int bits;

        Flag(int bits) {
            this.bits = bits;
        }

        /** The name for people, such as {@code "append"}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No other values: an immutable set of the flags. */
    public FdInfo {
        flags = Set.copyOf(flags);
    }

    /** Asks the kernel about an open number. */
    static FdInfo of(int number) throws IOException {
        Statx stat = Statx.ofUnasked(number);
        Errors.check("statx", stat.result());
        long flags = Errors.check("fcntl(F_GETFL)", Descriptors.getStatusFlags(number));
        long own = Errors.check("fcntl(F_GETFD)", Descriptors.getFlags(number));
        Descriptors.ProcName procName = Descriptors.procName(number);
        if (!isSilence(procName.result())) {
            Errors.check("readlinkat /proc/self/fd", procName.result());
        }
        return of(number, stat, flags, (own & FD_CLOEXEC) != 0, procName.name());
    }

    /**
     * What a descriptor of any process refers to, read from {@code /proc} without touching it: nothing is opened, and
     * nothing that the other process does can tell. It may close it meanwhile, and open another file as that number.
     *
     * @param process a process number
     * @param number a descriptor of that process
     * @return the same as {@link OwnedFd#info} says there
     * @throws java.nio.file.NoSuchFileException if there is no such process, or it has no such descriptor
     * @throws java.nio.file.AccessDeniedException if this process may not look into that one ({@code ptrace(2)},
     *     PTRACE_MODE_READ_FSCREDS: mostly, it is of another user)
     * @throws IOException if {@code /proc} is not there, or the system refuses for another reason
     */
    public static FdInfo ofProcess(long process, int number) throws IOException {
        if (process < 1 || number < 0) {
            throw new IllegalArgumentException("process " + process + ", descriptor " + number
                    + "; process numbers begin with 1, descriptor numbers with 0");
        }
        String path = "/proc/" + process + "/fd/" + number;
        Statx stat = Statx.ofTarget(path.getBytes(US_ASCII));
        if (stat.result() < 0) {
            throw Errors.onPath("statx", path, stat.result());
        }
        Descriptors.ProcName link = Descriptors.procName(path);
        if (link.result() < 0) {
            throw Errors.onPath("readlinkat", path, link.result());
        }
        String infoPath = "/proc/" + process + "/fdinfo/" + number;
        long flags = Fdinfo.read(infoPath).flags();
        if (flags < 0) {
            throw Errors.onPath("read", infoPath, flags);
        }
        return of(number, stat, flags, (flags & O_CLOEXEC) != 0, link.name());
    }

    private static FdInfo of(int number, Statx stat, long flags, boolean closeOnExec, String name) throws IOException {
        return new FdInfo(
                number,
                kind(stat, name),
                access(flags),
                flags(flags),
                closeOnExec,
                stat.size(),
                stat.device(),
                stat.inode(),
                name);
    }

    /** Whether {@code /proc} is not mounted, or says nothing to this process. */
    private static boolean isSilence(long result) {
        return Errno.ENOENT.is(result) || Errno.EACCES.is(result) || Errno.EPERM.is(result);
    }

    private static Kind kind(Statx stat, String name) throws IOException {
        return switch (stat.format()) {
            case S_IFREG ->
                name.startsWith("/memfd:") && isMemory(stat)
                        ? Kind.MEMFD
                        : name.startsWith("anon_inode:")
                                ? anonymous(name)
                                : name.startsWith("pidfd:") ? Kind.PIDFD : Kind.REGULAR;
            case S_IFDIR -> Kind.DIRECTORY;
            case S_IFIFO -> Kind.PIPE;
            case S_IFSOCK -> Kind.SOCKET;
            case S_IFCHR -> Kind.CHARACTER_DEVICE;
            case S_IFBLK -> Kind.BLOCK_DEVICE;
            case S_IFLNK -> Kind.SYMBOLIC_LINK;
            default -> anonymous(name);
        };
    }

    /** Any file can bear such a name in a mount namespace of its sender, and those of any tmpfs have seals. */
    private static boolean isMemory(Statx stat) throws IOException {
        if (Errors.check("memfd_create", Memfd.device()) == stat.device()) {
            return true;
        }
        long huge = Memfd.hugeDevice(stat.blockSize());
        if (Errno.EMFILE.is(huge) || Errno.ENFILE.is(huge) || Errno.ENOMEM.is(huge)) {
            throw Errors.of("memfd_create", huge);
        }
        return huge == stat.device(); // any other error: there are none of that size here
    }

    private static Kind anonymous(String name) {
        return switch (name) {
            case "anon_inode:[eventfd]" -> Kind.EVENTFD;
            case "anon_inode:[eventpoll]" -> Kind.EPOLL;
            case "anon_inode:[pidfd]" -> Kind.PIDFD;
            default -> Kind.ANONYMOUS;
        };
    }

    private static Set<Flag> flags(long bits) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            if ((bits & flag.bits) == flag.bits) {
                flags.add(flag);
            }
        }
        return flags;
    }

    private static Access access(long flags) {
        if ((flags & O_PATH) != 0) {
            return Access.PATH;
        }
        return switch ((int) flags & O_ACCMODE) {
            case O_RDONLY -> Access.READ;
            case O_WRONLY -> Access.WRITE;
            default -> Access.READ_WRITE;
        };
    }

    /**
     * Whether the other describes the same file: same device and inode, and not an anonymous file, whose inode all of
     * its kind share.
     *
     * @param other what another descriptor refers to
     * @return whether both are the same file
     */
    public boolean isSameFile(FdInfo other) {
        return kind == other.kind
                && device == other.device
                && inode == other.inode
                && !name.startsWith("anon_inode:")
                && kind != Kind.EVENTFD
                && kind != Kind.EPOLL
                && kind != Kind.ANONYMOUS;
    }
}
