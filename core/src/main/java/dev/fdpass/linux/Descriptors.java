package dev.fdpass.linux;

import static dev.fdpass.linux.FileConstants.FD_CLOEXEC;
import static dev.fdpass.linux.FileConstants.F_DUPFD_CLOEXEC;
import static dev.fdpass.linux.FileConstants.F_GETFD;
import static dev.fdpass.linux.FileConstants.F_GETFL;
import static dev.fdpass.linux.FileConstants.F_SETFD;
import static dev.fdpass.linux.FileConstants.F_SETFL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;

/** Calls on a descriptor number whatever it refers to: {@code close(2)}, {@code dup(2)}, {@code fcntl(2)}. */
public final class Descriptors {
    /** The first of {@code enum kcmp_type}, {@code linux/kcmp.h}. */
    static final int KCMP_FILE = 0;

    private Descriptors() {}

    /**
     * {@code close(2)}. Never again after EINTR: Linux has let go of the number by then. Closes also where no more memory
     * can be had.
     */
    public static long close(int number) {
        return Syscall.CLOSE.callAlways(number, 0, 0, 0);
    }

    /** As {@link #close(int)}, with memory of the caller for the error number. */
    public static long close(int number, MemorySegment errno) {
        return Syscall.CLOSE.call(errno, number, 0, 0, 0, 0, 0);
    }

    /** {@code close_range(2)} (Linux 5.9) of consecutive numbers, one by one where the kernel lacks it. */
    public static void closeRange(int first, int last) {
        if (first == last || Syscall.CLOSE_RANGE.callAlways(first, last, 0, 0) < 0) {
            for (int number = first; number <= last; number++) {
                close(number);
            }
        }
    }

    /** A new descriptor for the same open file description, with close-on-exec. */
    public static long duplicate(int number) {
        return Syscall.FCNTL.call(number, F_DUPFD_CLOEXEC, 0);
    }

    /** As {@link #duplicate}, with the lowest free number that is at least {@code least}. */
    public static long duplicateFrom(int least, int number) {
        return Syscall.FCNTL.call(number, F_DUPFD_CLOEXEC, least);
    }

    /**
     * {@code pipe2(2)}, close-on-exec.
     *
     * @param ends where the numbers go: the end to read from, and the end to write to
     */
    public static long pipe(int[] ends) {
        Scratch scratch = Scratch.take();
        try {
            long result = Syscall.PIPE2.call(scratch.errno(), scratch.address(), FileConstants.O_CLOEXEC, 0);
            ends[0] = scratch.memory().getAtIndex(JAVA_INT, 0);
            ends[1] = scratch.memory().getAtIndex(JAVA_INT, 1);
            return result;
        } finally {
            scratch.give();
        }
    }

    /**
     * {@code dup3(2)} with close-on-exec: {@code onto}, whatever it was, becomes a descriptor for the open file description
     * of {@code number}.
     */
    public static long duplicateOnto(int number, int onto) {
        return Syscall.DUP3.call(number, onto, FileConstants.O_CLOEXEC);
    }

    /**
     * Whether two numbers are descriptors for one open file description.
     *
     * @return 1 or 0, or the negated error number; {@code ENOSYS} where the kernel knows no way to tell
     */
    public static long isSameOpenFile(int number, int other) {
        long same = Syscall.FCNTL.call(number, FileConstants.F_DUPFD_QUERY, other);
        if (!Errno.EINVAL.is(same)) {
            return same;
        }
        long order = kcmp(number, other); // before Linux 6.10
        return order < 0 ? order : order == 0 ? 1 : 0;
    }

    /** {@code kcmp(2)} of open file descriptions of this process: 0 if it is one. */
    static long kcmp(int number, int other) {
        long process = ProcessHandle.current().pid();
        Scratch scratch = Scratch.take();
        try {
            return Syscall.KCMP.call(scratch.errno(), process, process, KCMP_FILE, number, other, 0);
        } finally {
            scratch.give();
        }
    }

    /** Flags of the descriptor: {@code FD_CLOEXEC}. */
    public static long getFlags(int number) {
        return Syscall.FCNTL.call(number, F_GETFD, 0);
    }

    /** Sets or clears close-on-exec, which belongs to the number and is not shared with whoever sent it. */
    public static long setCloseOnExec(int number, boolean on) {
        return Syscall.FCNTL.call(number, F_SETFD, on ? FD_CLOEXEC : 0);
    }

    /** Access mode and status flags of the open file description. They are shared with others: only ever read. */
    public static long getStatusFlags(int number) {
        return Syscall.FCNTL.call(number, F_GETFL, 0);
    }

    /** Sets the status flags of an open file description that nobody else can have yet. */
    static long setStatusFlags(int number, int flags) {
        return Syscall.FCNTL.call(number, F_SETFL, flags);
    }

    /**
     * What {@code /proc} calls a descriptor.
     *
     * @param result 0 or more, or the negated error number
     * @param name a path, or {@code socket:[inode]} and the like; empty after an error
     */
    public record ProcName(long result, String name) {}

    /** What {@code /proc/self/fd} calls it. */
    public static ProcName procName(int number) {
        return procName("/proc/self/fd/" + number);
    }

    /** What {@code /proc} calls a descriptor of any process: {@code /proc/1/fd/0}. */
    public static ProcName procName(String path) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment memory = scratch.memory();
            memory.setString(0, path, UTF_8);
            // The name replaces the path in place: the kernel has copied the path before it writes.
            long length = Syscall.READLINKAT.call(
                    scratch.errno(), FileConstants.AT_FDCWD, scratch.address(), scratch.address(), Scratch.SIZE, 0, 0);
            String name = length < 0 ? "" : new String(memory.asSlice(0, length).toArray(JAVA_BYTE), UTF_8);
            return new ProcName(length, name);
        } finally {
            scratch.give();
        }
    }
}
