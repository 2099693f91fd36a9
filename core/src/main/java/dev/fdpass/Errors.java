package dev.fdpass;

import dev.fdpass.linux.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the kernel returned into the exception that Java programmers expect. */
final class Errors {
    private Errors() {}

    /** The result, if it is one; else throws what the error number means. */
    static long check(String call, long result) throws IOException {
        if (result < 0) {
            throw of(call, result);
        }
        return result;
    }

    static ErrnoException of(String call, long result) {
        return new ErrnoException(call, (int) -result);
    }

    /** For calls on a path. */
    static IOException onPath(String call, String path, long result) {
        ErrnoException cause = of(call + " " + path, result);
        Errno errno = Errno.of((int) -result);
        IOException standard = errno == null
                ? null
                : switch (errno) {
                    case ENOENT -> new NoSuchFileException(path);
                    case EACCES, EPERM -> new AccessDeniedException(path, null, cause.getMessage());
                    case EEXIST -> new FileAlreadyExistsException(path);
                    case ENOTDIR -> new NotDirectoryException(path);
                    case ELOOP -> new FileSystemLoopException(path);
                    default -> null;
                };
        return caused(standard, cause);
    }

    /** For {@code bind(2)}. */
    static IOException onBind(UnixAddress address, long result) {
        ErrnoException cause = of("bind " + address, result);
        if (Errno.EADDRINUSE.is(result)) {
            return caused(new BindException(cause.getMessage()), cause);
        }
        return Errno.ENOENT.is(result) || Errno.EACCES.is(result) || Errno.ENOTDIR.is(result)
                ? onPath("bind", address.toString(), result)
                : cause;
    }

    /**
     * For {@code connect(2)}: nobody listens, or nothing is there yet, is one exception, so that a client that waits
     * for its server has one to catch.
     */
    static IOException onConnect(UnixAddress address, long result) {
        return onConnect("connect", address, result);
    }

    private static IOException onConnect(String call, UnixAddress address, long result) {
        ErrnoException cause = of(call + " " + address, result);
        if (Errno.ECONNREFUSED.is(result) || Errno.ENOENT.is(result)) {
            return caused(new ConnectException(cause.getMessage()), cause);
        }
        return Errno.EACCES.is(result) || Errno.ENOTDIR.is(result) ? onPath(call, address.toString(), result) : cause;
    }

    /** For {@code sendmsg(2)}: to an address, it can fail as a {@code connect(2)} does. */
    static IOException onSend(
            UnixAddress destination, int fds, boolean withCredentials, boolean isDatagram, long result) {
        String call = destination.isUnnamed() ? "sendmsg" : "sendmsg to " + destination;
        if (Errno.ETOOMANYREFS.is(result)) {
            return new TooManyReferencesException(call);
        }
        if (Errno.EPERM.is(result)) {
            List<String> reasons = new ArrayList<>();
            if (fds > 0) {
                reasons.add("the receiver takes no descriptors (its SO_PASSRIGHTS is off)");
            }
            if (withCredentials) {
                reasons.add("the credentials are not this process's own");
            }
            if (isDatagram) {
                reasons.add("the receiver is connected to another socket, and takes datagrams from that one alone");
            }
            return reasons.isEmpty()
                    ? of(call, result)
                    : new ErrnoException(call, (int) -result, String.join(", or ", reasons));
        }
        return destination.isUnnamed() ? of(call, result) : onConnect("sendmsg to", destination, result);
    }

    static SocketTimeoutException timedOut(String call, long nanos, long bytesTransferred) {
        SocketTimeoutException e = new SocketTimeoutException(call + " timed out after "
                + java.time.Duration.ofNanos(nanos)
                + (bytesTransferred == 0 ? "" : " and " + bytesTransferred + " bytes"));
        e.bytesTransferred = (int) bytesTransferred;
        return e;
    }

    private static IOException caused(@Nullable IOException standard, ErrnoException cause) {
        if (standard == null) {
            return cause;
        }
        standard.initCause(cause);
        return standard;
    }
}
