package dev.fdpass.linux;

import java.lang.foreign.MemorySegment;

/**
 * System calls and their numbers: x86-64 from {@code arch/x86/entry/syscalls/syscall_64.tbl}, aarch64 from
 * {@code asm-generic/unistd.h}. Every number is held against the C headers of both architectures by a test.
 *
 * <p>All go through the one handle of {@link Libc}: {@code syscall(2)} is no cancellation point, which libc's own
 * wrappers are and which costs a multithreaded process about 4 % of passing a descriptor.
 */
public enum Syscall {
    READ(0, 63, AfterEintr.CALLER_DECIDES),
    WRITE(1, 64, AfterEintr.CALLER_DECIDES),
    CLOSE(3, 57, AfterEintr.CALLER_DECIDES),
    LSEEK(8, 62),
    MMAP(9, 222),
    MUNMAP(11, 215),
    RT_SIGPROCMASK(14, 135),
    IOCTL(16, 29),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDTO(44, 206),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    SHUTDOWN(48, 210),
    BIND(49, 200),
    LISTEN(50, 201),
    GETSOCKNAME(51, 204),
    GETPEERNAME(52, 205),
    SOCKETPAIR(53, 199),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    EXECVE(59, 221),
    FCNTL(72, 25),
    FLOCK(73, 32),
    FTRUNCATE(77, 46),
    FCHDIR(81, 50),
    GETEUID(107, 175),
    GETEGID(108, 177),
    CLOCK_GETTIME(228, 113),
    EPOLL_CTL(233, 21),
    WAITID(247, 95),
    OPENAT(257, 56),
    UNLINKAT(263, 35),
    READLINKAT(267, 78),
    PPOLL(271, 73, AfterEintr.CALLER_DECIDES),
    EPOLL_PWAIT(281, 22, AfterEintr.CALLER_DECIDES),
    ACCEPT4(288, 242, AfterEintr.CALLER_DECIDES),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    DUP3(292, 24),
    PIPE2(293, 59),
    RECVMMSG(299, 243),
    SENDMMSG(307, 269),
    KCMP(312, 272),
    MEMFD_CREATE(319, 279),
    PREADV2(327, 286),
    PWRITEV2(328, 287),
    STATX(332, 291),
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_OPEN(434, 434),
    CLOSE_RANGE(436, 436);

    /** What becomes of a call that a signal interrupted before it did anything. */
    private enum AfterEintr {
        /** It is made again: it does not wait, or waits no longer than it was told. */
        AGAIN,
        /**
         * Its caller gets to know. What may wait must first be asked again whether it would ({@code read}, {@code write},
         * {@code accept4}) and for how long ({@code ppoll}); and {@code close} has let go of the number nevertheless.
         */
        CALLER_DECIDES
    }

    private final int x86_64;
    private final int aarch64;
    private final long number;
    private final boolean again;

    Syscall(int x86_64, int aarch64) {
        this(x86_64, aarch64, AfterEintr.AGAIN);
    }

    Syscall(int x86_64, int aarch64, AfterEintr afterEintr) {
        this.x86_64 = x86_64;
        this.aarch64 = aarch64;
        this.number = numberOn(Arch.CURRENT);
        this.again = afterEintr == AfterEintr.AGAIN;
    }

    /** The number of this system call on {@code arch}. */
    public int numberOn(Arch arch) {
        return arch.pick(x86_64, aarch64);
    }

    /**
     * Makes the call; again if a signal interrupted it, unless its caller must decide that.
     *
     * @param errno 4 bytes of native memory, of this thread alone for the length of the call
     * @return the kernel's result, or the negated error number
     */
    long call(MemorySegment errno, long a, long b, long c, long d, long e, long f) {
        long result;
        do {
            try {
                result = (long) Libc.SYSCALL.invokeExact(Libc.FUNCTION, errno, number, a, b, c, d, e, f);
            } catch (Throwable t) {
                throw Libc.unchecked(t);
            }
            if (result != -1) {
                return result; // reading more than this of the heap after each call can be measured
            }
            result = Libc.error(errno);
        } while (again && Errno.EINTR.is(result));
        return result;
    }

    /** {@link #call(MemorySegment, long, long, long, long, long, long)} with four arguments. */
    long call(MemorySegment errno, long a, long b, long c, long d) {
        return call(errno, a, b, c, d, 0, 0);
    }

    /** {@link #call(MemorySegment, long, long, long, long, long, long)} with three arguments. */
    long call(MemorySegment errno, long a, long b, long c) {
        return call(errno, a, b, c, 0, 0, 0);
    }

    /** {@link #call(MemorySegment, long, long, long, long, long, long)} with memory of {@link Scratch}. */
    long call(long a, long b, long c, long d) {
        Scratch scratch = Scratch.take();
        try {
            return call(scratch.errno(), a, b, c, d);
        } finally {
            scratch.give();
        }
    }

    /**
     * As {@link #call(long, long, long, long)}, also where no more memory can be had: for what lets go of something. The
     * error number may then be that of another such call.
     */
    long callAlways(long a, long b, long c, long d) {
        Scratch scratch = Scratch.takeAlways();
        try {
            return call(scratch.errno(), a, b, c, d, 0, 0);
        } finally {
            scratch.give();
        }
    }

    /** {@link #call(long, long, long, long)} with three arguments. */
    long call(long a, long b, long c) {
        return call(a, b, c, 0);
    }

    /**
     * As {@link #call(MemorySegment, long, long, long, long, long, long)}, and meanwhile the arenas of three segments
     * cannot be closed: closing one throws, instead of freeing memory that the kernel is writing to.
     */
    long callHolding(
            MemorySegment errno,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            MemorySegment held1,
            MemorySegment held2,
            MemorySegment held3) {
        long result;
        do {
            try {
                result = (long) LibcHolding.SYSCALL.invokeExact(
                        Libc.FUNCTION, errno, number, a, b, c, d, e, f, held1, held2, held3);
            } catch (Throwable t) {
                throw Libc.unchecked(t);
            }
            if (result != -1) {
                return result;
            }
            result = Libc.error(errno);
        } while (again && Errno.EINTR.is(result));
        return result;
    }

    /** {@link #callHolding} one segment, with memory of {@link Scratch}. */
    long callHolding(MemorySegment held, long a, long b, long c, long d) {
        Scratch scratch = Scratch.take();
        try {
            return callHolding(scratch.errno(), a, b, c, d, 0, 0, held, MemorySegment.NULL, MemorySegment.NULL);
        } finally {
            scratch.give();
        }
    }
}
