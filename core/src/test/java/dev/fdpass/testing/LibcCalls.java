package dev.fdpass.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/**
 * Descriptors that the library itself cannot make, made by libc so that nothing under test had a hand in them. None is
 * close-on-exec.
 */
@SuppressWarnings("restricted")
public final class LibcCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int RLIMIT_NOFILE = 7;

    /** The same number on every architecture. */
    private static final int IO_URING_SETUP = 425;

    private LibcCalls() {}

    /** {@code pipe(3)}: the end to read from, and the end to write to. */
    public static int[] pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            check(call("pipe", new MemoryLayout[] {ADDRESS}, ends));
            return ends.toArray(JAVA_INT);
        }
    }

    /** {@code pipe2(2)} with {@code O_NONBLOCK}, as {@link #pipe}. */
    public static int[] nonBlockingPipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            check(call("pipe2", new MemoryLayout[] {ADDRESS, JAVA_INT}, ends, OpenFiles.NON_BLOCKING));
            return ends.toArray(JAVA_INT);
        }
    }

    /** {@code openpty(3)}: the terminal's own end, and the end that programs see. */
    public static int[] terminal() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            MemorySegment none = MemorySegment.NULL;
            check(call(
                    "openpty",
                    new MemoryLayout[] {ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS},
                    ends.asSlice(0, 4),
                    ends.asSlice(4, 4),
                    none,
                    none,
                    none));
            return ends.toArray(JAVA_INT);
        }
    }

    /** {@code epoll_create1(2)}. */
    public static int epoll() {
        return check(call("epoll_create1", new MemoryLayout[] {JAVA_INT}, 0));
    }

    /** {@code io_uring_setup(2)}, which libc does not wrap; -1 where the kernel forbids it or has none. */
    public static int ioUring() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(120, 8); // struct io_uring_params
            MemoryLayout[] layouts = {JAVA_LONG, JAVA_LONG, ADDRESS};
            return call("syscall", layouts, (long) IO_URING_SETUP, 1L, parameters);
        }
    }

    /** A TCP socket that is connected to {@code port} of this machine. */
    public static int tcpConnection(int port) {
        int socket = check(call("socket", new MemoryLayout[] {JAVA_INT, JAVA_INT, JAVA_INT}, AF_INET, SOCK_STREAM, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(16);
            address.set(JAVA_SHORT, 0, (short) AF_INET);
            address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) port);
            MemorySegment.copy(new byte[] {127, 0, 0, 1}, 0, address, JAVA_BYTE, 4, 4);
            check(call("connect", new MemoryLayout[] {JAVA_INT, ADDRESS, JAVA_INT}, socket, address, 16));
        }
        return socket;
    }

    /** {@code dup(2)}, which keeps nothing of close-on-exec. */
    public static int duplicate(int number) {
        return check(call("dup", new MemoryLayout[] {JAVA_INT}, number));
    }

    /** {@code dup2(2)}: {@code to} is closed and means the same as {@code from}. */
    public static void duplicateTo(int from, int to) {
        check(call("dup2", new MemoryLayout[] {JAVA_INT, JAVA_INT}, from, to));
    }

    /** {@code setrlimit(2)} of {@code RLIMIT_NOFILE}, for the rest of this process's life. */
    public static void limitOpenFiles(long most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(JAVA_LONG, most, most);
            check(call("setrlimit", new MemoryLayout[] {JAVA_INT, ADDRESS}, RLIMIT_NOFILE, limit));
        }
    }

    /** {@code close(2)}. */
    public static void close(int number) {
        check(call("close", new MemoryLayout[] {JAVA_INT}, number));
    }

    /** {@code munmap(2)} of a range as {@code /proc/self/maps} writes it: {@code from-to}, in hexadecimal. */
    public static void unmap(String range) {
        String[] ends = range.split("-", -1);
        long from = Long.parseUnsignedLong(ends[0], 16);
        long length = Long.parseUnsignedLong(ends[1], 16) - from;
        check(call("munmap", new MemoryLayout[] {JAVA_LONG, JAVA_LONG}, from, length));
    }

    /**
     * {@code system(3)}: a child made by a plain fork and exec. One that Java starts proves nothing about close-on-exec,
     * because Java closes every descriptor in it.
     */
    public static void shell(String command) {
        try (Arena arena = Arena.ofConfined()) {
            int status = call("system", new MemoryLayout[] {ADDRESS}, arena.allocateFrom(command));
            if (status != 0) {
                throw new AssertionError("status " + status + " of: " + command);
            }
        }
    }

    private static int call(String name, MemoryLayout[] layouts, Object... arguments) {
        MethodHandle handle = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, layouts));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new AssertionError(name, t);
        }
    }

    private static int check(int result) {
        if (result < 0) {
            throw new AssertionError("a call of libc returned " + result);
        }
        return result;
    }
}
