package dev.fdpass;

import static dev.fdpass.linux.FileConstants.S_IFBLK;
import static dev.fdpass.linux.FileConstants.S_IFDIR;
import static dev.fdpass.linux.FileConstants.S_IFIFO;
import static dev.fdpass.linux.FileConstants.S_IFREG;
import static dev.fdpass.linux.FileConstants.S_IFSOCK;
import static dev.fdpass.linux.SocketConstants.AF_UNIX;
import static dev.fdpass.linux.SocketConstants.POLLIN;
import static dev.fdpass.linux.SocketConstants.POLLOUT;
import static dev.fdpass.linux.SocketConstants.SO_DOMAIN;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.linux.Statx;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Objects;

/** Reading and writing an open file, with the buffer rules of NIO channels. */
final class FdChannel {
    /** Instead of a position: at the shared one, which moves. */
    static final long CURRENT = -1;

    /** A write of so many bytes to a pipe that polls writable does not wait ({@code PIPE_BUF}, man page pipe(7)). */
    private static final int PIPE_BUF = 4096;

    /** All that a terminal promises when it polls writable; it waits in the kernel until the rest has gone too. */
    private static final int TERMINAL_ROOM = 1;

    private enum Waiting {
        UNKNOWN,
        /** On a disk, waiting cannot be polled for and is short. */
        NEVER,
        /** A pipe, a device, a socket: may wait for ever, and says when it is ready. */
        POLLS
    }

    private final Descriptor descriptor;
    private volatile Waiting waiting = Waiting.UNKNOWN;
    private volatile int mostAtOnce;

    FdChannel(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    static long checkPosition(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("the position is " + position + "; it must be 0 or more");
        }
        return position;
    }

    private static void checkWritable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only; a read needs one that can be written");
        }
    }

    int read(ByteBuffer dst, long position) throws IOException {
        checkWritable(dst);
        int number = descriptor.acquireToWait();
        try {
            int length = dst.remaining();
            if (length == 0) {
                return 0;
            }
            if (dst.isDirect()) {
                int count = (int) transfer(number, false, MemorySegment.ofBuffer(dst), length, position);
                dst.position(dst.position() + count);
                return count == 0 ? -1 : count;
            }
            MemorySegment staging = Staging.take();
            try {
                int count = (int) transfer(number, false, staging, Math.min(length, Staging.SIZE), position);
                dst.put(staging.asSlice(0, count).asByteBuffer());
                return count == 0 ? -1 : count;
            } finally {
                Staging.give(staging);
            }
        } finally {
            descriptor.release();
        }
    }

    int write(ByteBuffer src, long position) throws IOException {
        int number = descriptor.acquireToWait();
        try {
            int total = src.remaining();
            int written = 0;
            while (written < total) {
                long at = position == CURRENT ? CURRENT : position + written;
                written += src.isDirect() ? writeDirect(number, src, at) : writeStaged(number, src, at);
            }
            return written;
        } finally {
            descriptor.release();
        }
    }

    private int writeDirect(int number, ByteBuffer src, long position) throws IOException {
        int count = (int) transfer(number, true, MemorySegment.ofBuffer(src), src.remaining(), position);
        src.position(src.position() + count);
        return count;
    }

    private int writeStaged(int number, ByteBuffer src, long position) throws IOException {
        MemorySegment staging = Staging.take();
        try {
            int length = Math.min(src.remaining(), Staging.SIZE);
            MemorySegment.copy(MemorySegment.ofBuffer(src), 0, staging, 0, length);
            int count = (int) transfer(number, true, staging, length, position);
            src.position(src.position() + count);
            return count;
        } finally {
            Staging.give(staging);
        }
    }

    /** Fills the buffers one after the other, as far as that goes without waiting a second time. */
    long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        for (int i = offset; i < offset + length; i++) {
            checkWritable(dsts[i]); // all of them before anything is read, and then lost
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            while (dsts[i].hasRemaining()) {
                if (total > 0 && waiting(descriptor.number()) != Waiting.NEVER) {
                    return total;
                }
                int count = read(dsts[i], CURRENT);
                if (count < 0) {
                    return total == 0 ? -1 : total;
                }
                total += count;
            }
        }
        return total;
    }

    long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(srcs[i], CURRENT);
        }
        return total;
    }

    /** One read or write that moves at least a byte, waiting as long as it takes; 0 is the end of the file. */
    private long transfer(int number, boolean write, MemorySegment memory, int length, long position)
            throws IOException {
        boolean polls = position == CURRENT && waiting(number) != Waiting.NEVER;
        while (true) {
            long result = polls
                    ? transferPolling(number, write, memory, length)
                    : transferAt(number, write, memory, length, position);
            if (Errno.EAGAIN.is(result)) {
                descriptor.await(write ? POLLOUT : POLLIN, Descriptor.NEVER);
            } else if (!Errno.EINTR.is(result)) {
                if (Errno.EBADF.is(result)) {
                    checkAccess(number, write);
                }
                return Errors.check(write ? "write" : "read", result);
            }
        }
    }

    /** Says as channels do that the descriptor was opened for something else. */
    private static void checkAccess(int number, boolean write) throws IOException {
        switch (FdInfo.of(number).access()) {
            case READ -> {
                if (write) {
                    throw new NonWritableChannelException();
                }
            }
            case WRITE -> {
                if (!write) {
                    throw new NonReadableChannelException();
                }
            }
            case PATH -> throw write ? new NonWritableChannelException() : new NonReadableChannelException();
            case READ_WRITE -> {}
        }
    }

    private static long transferAt(int number, boolean write, MemorySegment memory, int length, long position) {
        if (position == CURRENT) {
            return write ? FileIo.write(number, memory, length) : FileIo.read(number, memory, length);
        }
        return write ? FileIo.pwrite(number, memory, length, position) : FileIo.pread(number, memory, length, position);
    }

    /** Tries without waiting, and without touching the status flags, which are shared with whoever sent the descriptor. */
    private long transferPolling(int number, boolean write, MemorySegment memory, int length) throws IOException {
        long result = write ? FileIo.writeNoWait(number, memory, length) : FileIo.readNoWait(number, memory, length);
        if (!Errno.EOPNOTSUPP.is(result)) {
            return result;
        }
        // Not every file can try. Poll first: then a read does not wait unless another reader was faster, nor a write
        // of as much as a file of this kind then has room for.
        descriptor.lookThenAwait(write ? POLLOUT : POLLIN, Descriptor.NEVER);
        return write
                ? FileIo.write(number, memory, Math.min(length, mostAtOnce(number)))
                : FileIo.read(number, memory, length);
    }

    private int mostAtOnce(int number) throws IOException {
        if (mostAtOnce == 0) {
            Statx stat = Statx.of(number);
            Errors.check("statx", stat.result());
            mostAtOnce = stat.format() == S_IFIFO
                    ? PIPE_BUF
                    // Any other device may take a record with each write, which must not be cut.
                    : FileIo.isTerminal(number) ? TERMINAL_ROOM : Integer.MAX_VALUE;
        }
        return mostAtOnce;
    }

    private Waiting waiting(int number) throws IOException {
        Waiting known = waiting;
        if (known == Waiting.UNKNOWN) {
            known = find(number);
            waiting = known;
        }
        return known;
    }

    private static Waiting find(int number) throws IOException {
        Statx stat = Statx.of(number);
        Errors.check("statx", stat.result());
        if (stat.format() == S_IFSOCK && SocketOptions.get(number, SO_DOMAIN) == AF_UNIX) {
            throw new UnsupportedOperationException("fd " + number + " is a Unix-domain socket: read(2) and write(2)"
                    + " would lose descriptors that come with the bytes; use UnixStream.adopt, UnixDatagram.adopt or"
                    + " UnixSeqpacket.adopt");
        }
        return switch (stat.format()) {
            case S_IFREG, S_IFDIR, S_IFBLK -> Waiting.NEVER;
            default -> Waiting.POLLS;
        };
    }

    static long position(int number) throws IOException {
        long position = FileIo.lseek(number, 0, FileConstants.SEEK_CUR);
        return Errno.ESPIPE.is(position) ? 0 : Errors.check("lseek", position);
    }

    static long position(int number, long newPosition) throws IOException {
        long position = FileIo.lseek(number, newPosition, FileConstants.SEEK_SET);
        // What has no position reports 0 and may be set to it, so that Channels.newInputStream can skip nothing there.
        return Errno.ESPIPE.is(position) && newPosition == 0 ? 0 : Errors.check("lseek", position);
    }

    /** Cuts the file, never lengthens it, and leaves no position beyond the end: the rules of the interface. */
    static long truncate(int number, long size) throws IOException {
        Statx stat = Statx.of(number);
        Errors.check("statx", stat.result());
        checkAccess(number, true);
        if (size < stat.size()) {
            Errors.check("ftruncate", FileIo.ftruncate(number, size));
        }
        if (position(number) > size) {
            position(number, size);
        }
        return size;
    }
}
