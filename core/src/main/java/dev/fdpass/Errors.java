package dev.fdpass;

import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link KernelErrors}, and what errors of sockets mean. */
final class Errors {
    private Errors() {}

    /** As {@link KernelErrors#check}. */
    static long check(String call, long result) throws IOException {
        return KernelErrors.check(call, result);
    }

    /** As {@link KernelErrors#of}. */
    static ErrnoException of(String call, long result) {
        return KernelErrors.of(call, result);
    }

    /** As {@link KernelErrors#onPath}. */
    static IOException onPath(String call, String path, long result) {
        return KernelErrors.onPath(call, path, result);
    }

    /** For {@code bind(2)}. */
    static IOException onBind(UnixAddress address, long result) {
        ErrnoException cause = of("bind " + address, result);
        if (Errno.EADDRINUSE.is(result)) {
            return KernelErrors.caused(new BindException(cause.getMessage()), cause);
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
            return KernelErrors.caused(new ConnectException(cause.getMessage()), cause);
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
                + Duration.ofNanos(nanos)
                + (bytesTransferred == 0 ? "" : " and " + bytesTransferred + " bytes"));
        e.bytesTransferred = (int) bytesTransferred;
        return e;
    }
}
