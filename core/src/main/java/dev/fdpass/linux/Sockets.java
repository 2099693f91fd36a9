package dev.fdpass.linux;

import static dev.fdpass.linux.SocketConstants.AF_UNIX;
import static dev.fdpass.linux.SocketConstants.MSG_DONTWAIT;
import static dev.fdpass.linux.SocketConstants.MSG_PEEK;
import static dev.fdpass.linux.SocketConstants.MSG_TRUNC;
import static dev.fdpass.linux.SocketConstants.SOCK_CLOEXEC;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Calls on sockets; man pages {@code socket(7)}, {@code unix(7)}. Every new descriptor is close-on-exec. */
public final class Sockets {
    private Sockets() {}

    /** {@code socket(2)} in the Unix domain. */
    public static long socket(int type) {
        return Syscall.SOCKET.call(AF_UNIX, type | SOCK_CLOEXEC, 0);
    }

    /** {@code socket(2)} in any domain. */
    public static long socket(int domain, int type, int protocol) {
        return Syscall.SOCKET.call(domain, type | SOCK_CLOEXEC, protocol);
    }

    /** {@code socketpair(2)}; the two numbers go to {@code pair}. */
    public static long socketpair(int type, int[] pair) {
        Scratch scratch = Scratch.take();
        try {
            long result = Syscall.SOCKETPAIR.call(scratch.errno(), AF_UNIX, type | SOCK_CLOEXEC, 0, scratch.address());
            if (result == 0) {
                pair[0] = scratch.memory().get(JAVA_INT, 0);
                pair[1] = scratch.memory().get(JAVA_INT, 4);
            }
            return result;
        } finally {
            scratch.give();
        }
    }

    /** {@code bind(2)} to a {@code sun_path} as {@link SockaddrUn#write} takes it. */
    public static long bind(int socket, byte[] path) {
        return withAddress(Syscall.BIND, socket, path);
    }

    /** {@code connect(2)} to a {@code sun_path} as {@link SockaddrUn#write} takes it. */
    public static long connect(int socket, byte[] path) {
        return withAddress(Syscall.CONNECT, socket, path);
    }

    /**
     * As {@link #connect}, but EAGAIN if there is no place in the listener's queue. It sets status flags meanwhile: for
     * sockets that nobody else can have yet.
     */
    public static long tryConnect(int socket, byte[] path) {
        long result = Descriptors.setStatusFlags(socket, FileConstants.O_NONBLOCK);
        if (result < 0) {
            return result;
        }
        result = connect(socket, path);
        long restored = Descriptors.setStatusFlags(socket, 0);
        return restored < 0 ? restored : result;
    }

    private static long withAddress(Syscall syscall, int socket, byte[] path) {
        Scratch scratch = Scratch.take();
        try {
            int length = SockaddrUn.write(scratch.memory(), path);
            return syscall.call(scratch.errno(), socket, scratch.address(), length);
        } finally {
            scratch.give();
        }
    }

    /** {@code bind(2)} to an address of any family. */
    public static long bind(int socket, Sockaddr address) {
        Scratch scratch = Scratch.take();
        try {
            int length = address.write(scratch.memory());
            return Syscall.BIND.call(scratch.errno(), socket, scratch.address(), length);
        } finally {
            scratch.give();
        }
    }

    /** {@code getsockname(2)} of a socket of any family. */
    public static Sockaddr localAddress(int socket) {
        return address(Syscall.GETSOCKNAME, socket);
    }

    /** {@code getpeername(2)} of a socket of any family. */
    public static Sockaddr peerAddress(int socket) {
        return address(Syscall.GETPEERNAME, socket);
    }

    private static Sockaddr address(Syscall syscall, int socket) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment memory = scratch.memory();
            memory.set(JAVA_INT, 0, Sockaddr.SIZE);
            long result = syscall.call(scratch.errno(), socket, scratch.address() + 8, scratch.address());
            return Sockaddr.read(result, memory.asSlice(8, Sockaddr.SIZE), memory.get(JAVA_INT, 0));
        } finally {
            scratch.give();
        }
    }

    /** {@code listen(2)}. */
    public static long listen(int socket, int backlog) {
        return Syscall.LISTEN.call(socket, backlog, 0);
    }

    /** {@code accept4(2)} with close-on-exec. */
    public static long accept(int socket) {
        return Syscall.ACCEPT4.call(socket, 0, 0, SOCK_CLOEXEC);
    }

    /** {@code shutdown(2)}. */
    public static long shutdown(int socket, int how) {
        return Syscall.SHUTDOWN.call(socket, how, 0);
    }

    /**
     * What {@code getsockname(2)} or {@code getpeername(2)} gave.
     *
     * @param result 0, or the negated error number
     * @param bytes the {@code sun_path}; empty for the unnamed address, and after an error
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
    public record Path(long result, byte[] bytes) {}

    /** {@code getsockname(2)}. */
    public static Path localPath(int socket) {
        return path(Syscall.GETSOCKNAME, socket);
    }

    /** {@code getpeername(2)}. */
    public static Path peerPath(int socket) {
        return path(Syscall.GETPEERNAME, socket);
    }

    private static Path path(Syscall syscall, int socket) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment memory = scratch.memory();
            memory.set(JAVA_INT, 0, SockaddrUn.SIZE);
            long result = syscall.call(scratch.errno(), socket, scratch.address() + 8, scratch.address());
            int length = result < 0 ? 0 : memory.get(JAVA_INT, 0);
            return new Path(result, SockaddrUn.read(memory.asSlice(8, SockaddrUn.SIZE), length));
        } finally {
            scratch.give();
        }
    }

    /**
     * Bytes of the next packet, without taking it and without waiting. No control room is offered: peeking would
     * install one more copy of every descriptor each time.
     */
    public static long peekPacketSize(int socket) {
        // recvmsg with no buffers: MSG_TRUNC makes it say the full length.
        Scratch scratch = Scratch.take();
        try {
            scratch.memory().asSlice(0, MessageBlock.MSGHDR_SIZE).fill((byte) 0);
            return Syscall.RECVMSG.call(
                    scratch.errno(), socket, scratch.address(), MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
        } finally {
            scratch.give();
        }
    }

    /** {@code FIONREAD}: bytes that wait to be received. */
    public static long available(int socket) {
        Scratch scratch = Scratch.take();
        try {
            long result = Syscall.IOCTL.call(scratch.errno(), socket, FileConstants.FIONREAD, scratch.address());
            return result < 0 ? result : scratch.memory().get(JAVA_INT, 0);
        } finally {
            scratch.give();
        }
    }
}
