package dev.fdpass.jdk;

import static dev.fdpass.linux.SocketConstants.AF_INET;
import static dev.fdpass.linux.SocketConstants.AF_INET6;
import static dev.fdpass.linux.SocketConstants.AF_UNIX;
import static dev.fdpass.linux.SocketConstants.IPPROTO_MPTCP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_TCP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_UDP;
import static dev.fdpass.linux.SocketConstants.SOCK_STREAM;
import static dev.fdpass.linux.SocketConstants.SO_ACCEPTCONN;
import static dev.fdpass.linux.SocketConstants.SO_DOMAIN;
import static dev.fdpass.linux.SocketConstants.SO_PROTOCOL;
import static dev.fdpass.linux.SocketConstants.SO_TYPE;

import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;

/** What kind of socket a descriptor is; none of them if it is no socket at all. */
record SocketFacts(long domain, long type, long protocol, boolean listens) {
    static SocketFacts of(int number) throws IOException {
        long domain = SocketOptions.get(number, SO_DOMAIN);
        if (Errno.ENOTSOCK.is(domain) || Errno.EBADF.is(domain)) { // EBADF: O_PATH
            return new SocketFacts(0, 0, 0, false);
        }
        return new SocketFacts(
                KernelErrors.check("getsockopt(SO_DOMAIN)", domain),
                KernelErrors.check("getsockopt(SO_TYPE)", SocketOptions.get(number, SO_TYPE)),
                KernelErrors.check("getsockopt(SO_PROTOCOL)", SocketOptions.get(number, SO_PROTOCOL)),
                KernelErrors.check("getsockopt(SO_ACCEPTCONN)", SocketOptions.get(number, SO_ACCEPTCONN)) > 0);
    }

    boolean isUnixStream() {
        return domain == AF_UNIX && type == SOCK_STREAM;
    }

    boolean isTcp() {
        return isInternet() && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
    }

    boolean isUdp() {
        return isInternet() && protocol == IPPROTO_UDP;
    }

    private boolean isInternet() {
        return domain == AF_INET || domain == AF_INET6;
    }

    /** The family that a channel of the JDK for it must be of. */
    StandardProtocolFamily family() {
        return domain == AF_UNIX
                ? StandardProtocolFamily.UNIX
                : domain == AF_INET ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }
}
