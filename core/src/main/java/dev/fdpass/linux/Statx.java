package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * {@code statx(2)}: what a file is. Used instead of {@code fstat(2)} because {@code struct stat} differs between the
 * architectures and {@code struct statx} does not.
 *
 * @param result 0, or the negated error number, and then the rest is 0
 * @param blockSize the file's preferred size of a transfer, {@code stx_blksize}; of memory of huge pages, that of a page
 * @param mode kind and permissions, {@code stx_mode}
 * @param size bytes
 * @param inode {@code stx_ino}
 * @param changed when the inode changed last, seconds since the epoch, {@code stx_ctime}
 * @param device device of the file, encoded as {@code makedev(3)} does, as {@code stat} tools print it
 */
public record Statx(long result, int blockSize, int mode, long size, long inode, long changed, long device) {
    static final int STX_BLKSIZE = 0x04;
    static final int STX_MODE = 0x1c;
    static final int STX_INO = 0x20;
    static final int STX_SIZE = 0x28;
    static final int STX_CTIME = 0x60;
    static final int STX_DEV_MAJOR = 0x88;
    static final int STX_DEV_MINOR = 0x8c;
    static final int SIZE = 0x100;

    /**
     * The file behind a descriptor as the kernel knows it, without asking whoever serves its file system: that may be the
     * very peer that sent it (FUSE), and never answer. What it is does not change; its size may be an old one there.
     */
    public static Statx ofUnasked(int number) {
        return statx(number, new byte[0], FileConstants.AT_EMPTY_PATH | FileConstants.AT_STATX_DONT_SYNC);
    }

    /** The file behind a descriptor. */
    public static Statx of(int number) {
        return statx(number, new byte[0], FileConstants.AT_EMPTY_PATH);
    }

    /** The file at a path, not following a last symbolic link. */
    public static Statx of(byte[] path) {
        return statx(FileConstants.AT_FDCWD, path, FileConstants.AT_SYMLINK_NOFOLLOW);
    }

    /** The file that a path leads to, a last link of {@code /proc/…/fd} included; as {@link #ofUnasked(int)} otherwise. */
    public static Statx ofTarget(byte[] path) {
        return statx(FileConstants.AT_FDCWD, path, FileConstants.AT_STATX_DONT_SYNC);
    }

    /** As {@link #of(byte[])}, with memory of the caller's. */
    static Statx of(Scratch scratch, byte[] path) {
        return statx(scratch, FileConstants.AT_FDCWD, path, FileConstants.AT_SYMLINK_NOFOLLOW);
    }

    private static Statx statx(int directory, byte[] path, int flags) {
        Scratch scratch = Scratch.take();
        try {
            return statx(scratch, directory, path, flags);
        } finally {
            scratch.give();
        }
    }

    private static Statx statx(Scratch scratch, int directory, byte[] path, int flags) {
        MemorySegment memory = scratch.memory();
        Paths.write(memory, SIZE, path);
        long result = Syscall.STATX.call(
                scratch.errno(),
                directory,
                scratch.address() + SIZE,
                flags,
                FileConstants.STATX_BASIC_STATS,
                scratch.address(),
                0);
        if (result < 0) {
            return new Statx(result, 0, 0, 0, 0, 0, 0);
        }
        long major = Integer.toUnsignedLong(memory.get(JAVA_INT, STX_DEV_MAJOR));
        long minor = Integer.toUnsignedLong(memory.get(JAVA_INT, STX_DEV_MINOR));
        return new Statx(
                0,
                memory.get(JAVA_INT, STX_BLKSIZE),
                Short.toUnsignedInt(memory.get(JAVA_SHORT, STX_MODE)),
                memory.get(JAVA_LONG, STX_SIZE),
                memory.get(JAVA_LONG, STX_INO),
                memory.get(JAVA_LONG, STX_CTIME),
                makedev(major, minor));
    }

    private static long makedev(long major, long minor) {
        return ((major & 0xfff) << 8) | ((major & ~0xfffL) << 32) | (minor & 0xff) | ((minor & ~0xffL) << 12);
    }

    /** {@code S_IFMT} part of the mode: one of {@code S_IFREG}, {@code S_IFSOCK}, …, or 0 for an anonymous inode. */
    public int format() {
        return mode & FileConstants.S_IFMT;
    }

    public boolean isSameFile(Statx other) {
        return result == 0 && other.result == 0 && inode == other.inode && device == other.device;
    }
}
