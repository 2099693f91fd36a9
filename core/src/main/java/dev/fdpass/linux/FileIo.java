package dev.fdpass.linux;

import static dev.fdpass.linux.FileConstants.AT_FDCWD;
import static dev.fdpass.linux.FileConstants.O_CLOEXEC;
import static dev.fdpass.linux.FileConstants.O_NOCTTY;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * {@code open(2)} and input/output on what it gives. Memory is held: its arena cannot be closed during the call.
 */
public final class FileIo {
    private FileIo() {}

    /** {@code open(2)}, always close-on-exec and never taking a controlling terminal. */
    public static long open(byte[] path, int flags, int mode) {
        Scratch scratch = Scratch.take();
        try {
            Paths.write(scratch.memory(), 0, path);
            return Syscall.OPENAT.call(
                    scratch.errno(), AT_FDCWD, scratch.address(), flags | O_CLOEXEC | O_NOCTTY, mode);
        } finally {
            scratch.give();
        }
    }

    /** {@code unlink(2)}. */
    public static long unlink(byte[] path) {
        Scratch scratch = Scratch.take();
        try {
            return unlink(scratch, path);
        } finally {
            scratch.give();
        }
    }

    /** As {@link #unlink(byte[])}, with memory of the caller's. */
    static long unlink(Scratch scratch, byte[] path) {
        Paths.write(scratch.memory(), 0, path);
        return Syscall.UNLINKAT.call(scratch.errno(), AT_FDCWD, scratch.address(), 0);
    }

    /** {@code flock(2)} for this open file description alone, without waiting: {@code EAGAIN} if another has it. */
    public static long lock(int number) {
        return Syscall.FLOCK.call(number, FileConstants.LOCK_EX | FileConstants.LOCK_NB, 0);
    }

    /** {@code read(2)} of up to {@code length} bytes to the beginning of native {@code memory}. */
    public static long read(int number, MemorySegment memory, long length) {
        return Syscall.READ.callHolding(memory, number, memory.address(), length, 0);
    }

    /** {@code write(2)} of the first {@code length} bytes of native {@code memory}. */
    public static long write(int number, MemorySegment memory, long length) {
        return Syscall.WRITE.callHolding(memory, number, memory.address(), length, 0);
    }

    /** {@code pread(2)}. */
    public static long pread(int number, MemorySegment memory, long length, long position) {
        return Syscall.PREAD64.callHolding(memory, number, memory.address(), length, position);
    }

    /** {@code pwrite(2)}. */
    public static long pwrite(int number, MemorySegment memory, long length, long position) {
        return Syscall.PWRITE64.callHolding(memory, number, memory.address(), length, position);
    }

    /**
     * {@code preadv2(2)} at the current position with {@code RWF_NOWAIT}: as {@link #read}, but {@code EAGAIN} where
     * that would wait, whatever the status flags. {@code EOPNOTSUPP} where the file cannot do so.
     */
    public static long readNoWait(int number, MemorySegment memory, long length) {
        return noWait(Syscall.PREADV2, number, memory, length);
    }

    /** {@code pwritev2(2)} at the current position with {@code RWF_NOWAIT}; as {@link #readNoWait}. */
    public static long writeNoWait(int number, MemorySegment memory, long length) {
        return noWait(Syscall.PWRITEV2, number, memory, length);
    }

    private static long noWait(Syscall syscall, int number, MemorySegment memory, long length) {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory().set(JAVA_LONG, MessageBlock.IOV_BASE, memory.address());
            scratch.memory().set(JAVA_LONG, MessageBlock.IOV_LEN, length);
            return syscall.callHolding(
                    scratch.errno(),
                    number,
                    scratch.address(),
                    1,
                    -1,
                    -1,
                    FileConstants.RWF_NOWAIT,
                    memory,
                    MemorySegment.NULL,
                    MemorySegment.NULL);
        } finally {
            scratch.give();
        }
    }

    /** {@code isatty(3)}. */
    public static boolean isTerminal(int number) {
        Scratch scratch = Scratch.take();
        try {
            return Syscall.IOCTL.call(scratch.errno(), number, FileConstants.TCGETS, scratch.address()) == 0;
        } finally {
            scratch.give();
        }
    }

    /** {@code lseek(2)}. */
    public static long lseek(int number, long offset, int whence) {
        return Syscall.LSEEK.call(number, offset, whence);
    }

    /** {@code ftruncate(2)}. */
    public static long ftruncate(int number, long size) {
        return Syscall.FTRUNCATE.call(number, size, 0);
    }
}
