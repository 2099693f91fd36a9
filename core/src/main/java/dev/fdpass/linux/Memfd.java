package dev.fdpass.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code memfd_create(2)}, its seals, and {@code mmap(2)}. */
public final class Memfd {
    /** Offsets of mappings are multiples of a page; of 64 KiB on some aarch64 kernels, which suits all. */
    private static final long PAGE = 65536;

    /** {@code MFD_HUGE_SHIFT}: above it stands the logarithm of the size of huge pages. */
    private static final int HUGE_SHIFT = 26;

    private static volatile long ordinaryDevice = -1;

    private Memfd() {}

    /** A new memory file, sealable and close-on-exec. */
    public static long create(String name) {
        return create(name, FileConstants.MFD_CLOEXEC | FileConstants.MFD_ALLOW_SEALING);
    }

    private static long create(String name, int flags) {
        Scratch scratch = Scratch.take();
        try {
            Paths.write(scratch.memory(), 0, name.getBytes(UTF_8));
            return Syscall.MEMFD_CREATE.call(scratch.errno(), scratch.address(), flags, 0);
        } finally {
            scratch.give();
        }
    }

    /**
     * The device that all memory files are on: a mount of the kernel's own, on which nobody can put a file by name, as on
     * any {@code tmpfs}. Found out by making one.
     *
     * @return as {@link Statx#device}, or the negated error number
     */
    public static long device() {
        long known = ordinaryDevice;
        if (known < 0) {
            known = deviceOfNew(FileConstants.MFD_CLOEXEC);
            ordinaryDevice = known;
        }
        return known;
    }

    /**
     * As {@link #device}, of memory files of huge pages of so many bytes: each size has a device of its own. An error also
     * says that there are none of this size.
     */
    public static long hugeDevice(int pageSize) {
        int logarithm = Integer.numberOfTrailingZeros(pageSize);
        return deviceOfNew(FileConstants.MFD_CLOEXEC | FileConstants.MFD_HUGETLB | logarithm << HUGE_SHIFT);
    }

    private static long deviceOfNew(int flags) {
        long number = create("fdpass", flags);
        if (number < 0) {
            return number;
        }
        try {
            Statx stat = Statx.of((int) number);
            return stat.result() < 0 ? stat.result() : stat.device();
        } finally {
            Descriptors.close((int) number);
        }
    }

    /** {@code F_GET_SEALS}: the seals as bits; {@code EINVAL} if the file is of no sealable kind. */
    public static long getSeals(int number) {
        return Syscall.FCNTL.call(number, FileConstants.F_GET_SEALS, 0);
    }

    /** {@code F_ADD_SEALS}. */
    public static long addSeals(int number, int seals) {
        return Syscall.FCNTL.call(number, FileConstants.F_ADD_SEALS, seals);
    }

    /**
     * What {@code mmap(2)} gave.
     *
     * @param result 0, or the negated error number
     * @param memory the mapped bytes; empty after an error
     */
    public record Mapping(long result, MemorySegment memory) {}

    /**
     * Maps a range, shared, until {@code arena} ends. The range need not begin at a page: the mapping does, and only the
     * range is given out.
     */
    @SuppressWarnings("restricted") // the address and the length are those that mmap returned and was given
    public static Mapping map(int number, long offset, long length, boolean writable, Arena arena) {
        long before = offset % PAGE;
        long mapped = before + length;
        AtomicBoolean isMapped = new AtomicBoolean(true);
        long address = mmap(number, offset - before, mapped, writable);
        if (address < 0 && address > -PAGE) { // the error numbers; no mapping begins there
            return new Mapping(address, MemorySegment.NULL);
        }
        try {
            MemorySegment all =
                    MemorySegment.ofAddress(address).reinterpret(mapped, arena, m -> unmap(address, mapped, isMapped));
            MemorySegment range = all.asSlice(before, length);
            return new Mapping(0, writable ? range : range.asReadOnly());
        } catch (Throwable e) { // the arena is closed, or another thread's; no memory
            unmap(address, mapped, isMapped); // unless the arena does, or did
            throw e;
        }
    }

    private static long mmap(int number, long offset, long length, boolean writable) {
        int protection = FileConstants.PROT_READ | (writable ? FileConstants.PROT_WRITE : 0);
        Scratch scratch = Scratch.take();
        try {
            return Syscall.MMAP.call(scratch.errno(), 0, length, protection, FileConstants.MAP_SHARED, number, offset);
        } finally {
            scratch.give();
        }
    }

    /** Once: afterwards the address may be another mapping's. */
    private static void unmap(long address, long length, AtomicBoolean isMapped) {
        if (isMapped.getAndSet(false)) {
            Syscall.MUNMAP.callAlways(address, length, 0, 0);
        }
    }
}
