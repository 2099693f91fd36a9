package dev.fdpass.memory;

import dev.fdpass.AsFd;
import dev.fdpass.Expect;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.Memfd;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file in memory that can be sent as a descriptor and mapped by both sides, {@code memfd_create(2)}.
 *
 * <pre>{@code
 * try (var memory = SharedMemory.create("frames", 1 << 20); var arena = Arena.ofShared()) {
 *     memory.addSeals(Seal.SHRINK, Seal.GROW);             // so that the other side dares to map it
 *     MemorySegment bytes = memory.map(arena);
 *     socket.send(ByteBuffer.wrap(hello), memory);
 * }
 * }</pre>
 *
 * <p>Seal it against shrinking before you send it: else the receiver may shrink it under your own mapping as well.
 *
 * <p>A mapping lives as long as its arena, also after {@link #close}. Safe for use by several threads; what the mapped
 * bytes look like to another thread or process is the matter of {@link VolatileSlice}.
 */
public final class SharedMemory implements Closeable, AsFd {
    /** {@code NAME_MAX} less what the kernel puts before it, {@code "memfd:"}. */
    private static final int MAX_NAME = 249;

    private final OwnedFd fd;
    private final boolean fromPeer;

    private SharedMemory(OwnedFd fd, boolean fromPeer) {
        this.fd = fd;
        this.fromPeer = fromPeer;
    }

    /**
     * New memory, filled with zeros, that allows seals.
     *
     * @param name for people who look at {@code /proc/PID/fd} or {@code maps}; up to 249 bytes, need not be unique
     * @param size bytes, 0 or more
     * @return the new memory
     * @throws IOException if no more descriptors or memory can be had ({@code EMFILE}, {@code ENOMEM})
     */
    public static SharedMemory create(String name, long size) throws IOException {
        checkSize(size);
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name contains a NUL character; leave it out");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME) {
            throw new IllegalArgumentException(
                    "the name has " + bytes + " bytes; memfd_create(2) takes at most " + MAX_NAME);
        }
        SharedMemory memory =
                new SharedMemory(own((int) KernelErrors.check("memfd_create", Memfd.create(name))), false);
        try {
            memory.resize(size);
            return memory;
        } catch (Throwable t) {
            try {
                memory.close();
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    private static OwnedFd own(int number) throws IOException {
        try {
            return OwnedFd.adopt(number);
        } catch (Throwable t) {
            Descriptors.close(number);
            if (t instanceof UncheckedIOException e) {
                throw e.getCause();
            }
            throw t;
        }
    }

    /**
     * Uses a descriptor, perhaps a received one, as shared memory. Closing either closes both. Before it can be mapped,
     * it must be sealed against shrinking; see {@link #mapUnsealed} for memory of a peer that is trusted.
     *
     * @param fd a memory file or a regular file; on an error it stays open and yours
     * @return the memory
     * @throws IllegalArgumentException if it is of another kind
     * @throws IOException if it is closed
     */
    public static SharedMemory adopt(OwnedFd fd) throws IOException {
        FdInfo info = fd.info();
        if (info.kind() != FdInfo.Kind.MEMFD && info.kind() != FdInfo.Kind.REGULAR) {
            throw new IllegalArgumentException(fd + " cannot be mapped; a memory file or a regular file is needed");
        }
        return new SharedMemory(fd, true);
    }

    /**
     * Memory that nobody can change in the ways named, for checking a received descriptor in one step.
     *
     * @param seals those that must be set, at least
     * @return the expectation
     */
    public static Expect expected(Seal... seals) {
        Set<Seal> wanted = Set.of(seals);
        return Expect.memfd()
                .that(
                        "sealed with " + wanted,
                        fd -> new SharedMemory(fd, true).seals().containsAll(wanted));
    }

    /** {@return the size in bytes, now}
     *
     * @throws IOException if it is closed
     */
    public long size() throws IOException {
        return fd.size();
    }

    /**
     * Makes it larger (with zeros) or smaller. Making memory smaller than someone has mapped makes their access to the
     * rest fail: an {@link InternalError} in a JVM, {@code SIGBUS} elsewhere.
     *
     * @param size bytes, 0 or more
     * @throws IOException if a seal forbids it ({@code EPERM})
     */
    public void resize(long size) throws IOException {
        checkSize(size);
        fd.use(number -> KernelErrors.check("ftruncate", FileIo.ftruncate(number, size)));
    }

    /** {@return the seals that are set; none for a file that knows no seals}
     *
     * @throws IOException if it is closed
     */
    public Set<Seal> seals() throws IOException {
        long bits = fd.use(Memfd::getSeals);
        return Errno.EINVAL.is(bits)
                ? EnumSet.noneOf(Seal.class)
                : Seal.fromBits(KernelErrors.check("fcntl(F_GET_SEALS)", bits));
    }

    /**
     * Adds seals. They hold for everyone and cannot be removed.
     *
     * @param seals what is to be forbidden from now on
     * @throws IOException if {@link Seal#SEAL} is set, the descriptor is read-only ({@code EPERM}), a writable mapping
     *     stands against {@link Seal#WRITE} ({@code EBUSY}), or the file knows no seals ({@code EINVAL})
     */
    public void addSeals(Seal... seals) throws IOException {
        int bits = Seal.toBits(List.of(seals));
        fd.use(number -> KernelErrors.check("fcntl(F_ADD_SEALS)", Memfd.addSeals(number, bits)));
    }

    /**
     * Maps all of it, to read and write.
     *
     * @param arena how long the mapping lives
     * @return the mapped bytes
     * @throws IllegalStateException if it came from a peer and is not sealed against shrinking
     * @throws IOException if writing is forbidden ({@code EACCES}, {@code EPERM}); map it {@link MapMode#READ_ONLY} then
     */
    public MemorySegment map(Arena arena) throws IOException {
        return map(MapMode.READ_WRITE, 0, size(), arena);
    }

    /**
     * Maps a part of it.
     *
     * @param mode {@link MapMode#READ_ONLY} or {@link MapMode#READ_WRITE}
     * @param offset bytes from the beginning, 0 or more; any number, not only multiples of a page
     * @param size bytes, 1 or more; offset and size stay within {@link #size()}
     * @param arena how long the mapping lives
     * @return the mapped bytes
     * @throws IllegalStateException if it came from a peer and is not sealed against shrinking
     * @throws IOException as for {@link #map(Arena)}
     */
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
        if (fromPeer && !seals().contains(Seal.SHRINK)) {
            throw new IllegalStateException("this memory came from elsewhere and is not sealed against shrinking: its"
                    + " other owners could make any access fail with SIGBUS. Have it sealed with Seal.SHRINK, or use"
                    + " mapUnsealed if you trust them");
        }
        return mapUnsealed(mode, offset, size, arena);
    }

    /**
     * Maps a part of it even if its other owners may shrink it, which makes access to what is gone throw
     * {@link InternalError}.
     *
     * @param mode {@link MapMode#READ_ONLY} or {@link MapMode#READ_WRITE}
     * @param offset bytes from the beginning, 0 or more
     * @param size bytes, 1 or more; offset and size stay within {@link #size()}
     * @param arena how long the mapping lives
     * @return the mapped bytes
     * @throws IOException as for {@link #map(Arena)}
     */
    public MemorySegment mapUnsealed(MapMode mode, long offset, long size, Arena arena) throws IOException {
        if (mode != MapMode.READ_ONLY && mode != MapMode.READ_WRITE) {
            throw new IllegalArgumentException("mode " + mode + "; shared memory maps READ_ONLY or READ_WRITE");
        }
        long available = size();
        if (offset < 0 || size < 1 || size > available - offset) {
            throw new IllegalArgumentException("the range of " + size + " bytes from " + offset
                    + " must have at least 1 byte and lie within the " + available + " that there are");
        }
        boolean writable = mode == MapMode.READ_WRITE;
        return fd.use(number -> {
            Memfd.Mapping mapping = Memfd.map(number, offset, size, writable, arena);
            KernelErrors.check("mmap", mapping.result());
            return mapping.memory();
        });
    }

    /** {@return the descriptor behind this memory} */
    @Override
    public OwnedFd asFd() {
        return fd;
    }

    /** Closes the descriptor; mappings stay until their arenas are closed. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return "SharedMemory[" + fd + "]";
    }

    private static void checkSize(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("the size is " + size + "; it must be 0 or more bytes");
        }
    }
}
