package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;
import static dev.fdpass.linux.SocketConstants.SOCK_SEQPACKET;
import static dev.fdpass.linux.SocketConstants.SOCK_STREAM;

import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketFile;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;

/** Makes, binds, connects and adopts sockets; until it returns one, closes it on every error. */
final class SocketSetup {
    /** While a connect waits for a place in the listener's queue, how often it looks whether it was interrupted. */
    private static final long CONNECT_SLICE_NANOS = 100_000_000;

    private SocketSetup() {}

    static OwnedFd open(int type) throws IOException {
        int number = (int) Errors.check("socket", Sockets.socket(type));
        return OwnedFd.ofNew(number, "opened as a", typeName(type));
    }

    /** The two ends of a {@code socketpair(2)}. */
    static OwnedFd[] pair(int type) throws IOException {
        int[] numbers = new int[2];
        OwnedFd[] pair = new OwnedFd[2];
        Errors.check("socketpair", Sockets.socketpair(type, numbers));
        try {
            pair[0] = OwnedFd.ofNew(numbers[0], "opened as one of a pair,", typeName(type));
        } catch (Throwable t) {
            Descriptors.close(numbers[1]);
            throw t;
        }
        try {
            pair[1] = OwnedFd.ofNew(numbers[1], "opened as one of a pair,", typeName(type));
        } catch (Throwable t) {
            pair[0].closeBecauseOf(t);
            throw t;
        }
        return pair;
    }

    /** Binds; the file of a pathname is removed when {@code fd} is closed. */
    static void bind(OwnedFd fd, UnixAddress address) throws IOException {
        byte[] path = address.sunPath();
        SocketFile file = new SocketFile(path);
        long result = fd.use(number -> Sockets.bind(number, path));
        if (result < 0) {
            throw Errors.onBind(address, result);
        }
        if (address.path().isPresent()) {
            long looked = file.look();
            if (looked < 0) {
                file.remove(); // made a moment ago; later nobody could tell whose it is
                throw Errors.onPath("statx", address.toString(), looked);
            }
            fd.descriptor().beforeClose(file::removeIfSame);
        }
    }

    static void listen(OwnedFd fd, int backlog) throws IOException {
        if (backlog < 1) {
            throw new IllegalArgumentException("the backlog is " + backlog + "; it must be 1 or more connections");
        }
        fd.use(number -> Errors.check("listen", Sockets.listen(number, backlog)));
    }

    /**
     * Connects, waiting for a place in the listener's queue. That wait cannot be polled for; but the socket is nobody
     * else's yet, so its own send timeout may bound it. A virtual thread tries again and again, for it would hold its
     * carrier in there.
     */
    static void connect(OwnedFd fd, UnixAddress address, Duration timeout) throws IOException {
        if (address.isUnnamed()) {
            throw new IllegalArgumentException(
                    "the unnamed address is nobody's; connect to a path or an abstract name");
        }
        long nanos = Timeouts.nanos(timeout);
        long deadline = Exchange.deadline(nanos);
        if (Thread.currentThread().isVirtual()) {
            if (!tryConnecting(fd, address, deadline)) {
                throw Errors.timedOut("connect " + address, nanos, 0);
            }
            return;
        }
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            long left = deadline == Descriptor.NEVER ? CONNECT_SLICE_NANOS : deadline - System.nanoTime();
            if (left <= 0) {
                throw Errors.timedOut("connect " + address, nanos, 0);
            }
            long slice = Math.max(1_000, Math.min(left, CONNECT_SLICE_NANOS)); // 0 would mean for ever
            long result = fd.use(number -> {
                Errors.check("setsockopt(SO_SNDTIMEO)", SocketOptions.setSendTimeout(number, slice));
                return Sockets.connect(number, address.sunPath());
            });
            if (result == 0) {
                fd.use(number -> Errors.check("setsockopt(SO_SNDTIMEO)", SocketOptions.setSendTimeout(number, 0)));
                return;
            }
            if (!Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
                throw Errors.onConnect(address, result);
            }
        }
    }

    private static boolean tryConnecting(OwnedFd fd, UnixAddress address, long deadline) throws IOException {
        int number = fd.descriptor().acquireToWait();
        try {
            long pause = Descriptor.FIRST_PAUSE_NANOS;
            while (true) {
                long result = Sockets.tryConnect(number, address.sunPath());
                if (result == 0) {
                    return true;
                }
                if (!Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
                    throw Errors.onConnect(address, result);
                }
                long now = System.nanoTime();
                if (deadline != Descriptor.NEVER && deadline - now <= 0) {
                    return false;
                }
                long until = deadline == Descriptor.NEVER ? now + pause : now + Math.min(pause, deadline - now);
                fd.descriptor().await(0, until);
                pause = Math.min(2 * pause, Descriptor.LONGEST_PAUSE_NANOS);
            }
        } finally {
            fd.release();
        }
    }

    static UnixAddress localAddress(int socket) throws IOException {
        Sockets.Path path = Sockets.localPath(socket);
        Errors.check("getsockname", path.result());
        return UnixAddress.ofSunPath(path.bytes());
    }

    static String typeName(int type) {
        return switch (type) {
            case SOCK_STREAM -> "stream socket";
            case SOCK_DGRAM -> "datagram socket";
            case SOCK_SEQPACKET -> "seqpacket socket";
            default -> "socket of type " + type;
        };
    }
}
