package dev.fdpass.jdk;

import static dev.fdpass.linux.SocketConstants.AF_INET;
import static dev.fdpass.linux.SocketConstants.IPPROTO_ICMP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_ICMPV6;
import static dev.fdpass.linux.SocketConstants.IPPROTO_UDP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_UDPLITE;
import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;
import static dev.fdpass.linux.SocketConstants.SO_REUSEADDR;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A socket that can be bound and connected to the addresses that a received one has, without a packet and beside it: of a
 * protocol whose ports are its own. The JDK, made to bind and connect it, notes the addresses as it would those of its own.
 */
final class StandIn {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private StandIn() {}

    /**
     * Protocols to try, the best first: UDP-Lite, which newer kernels have no more; "ping" sockets, which an administrator
     * must allow ({@code net.ipv4.ping_group_range}), and which take any port; UDP itself, where nobody has the port.
     */
    static List<Integer> protocols(long domain) {
        return List.of(IPPROTO_UDPLITE, domain == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6, IPPROTO_UDP);
    }

    /** Makes something with a stand-in. */
    interface Making<C> {
        C make() throws IOException;
    }

    /**
     * With UDP as stand-in, no two conversions can have the same local address at once, as the connections of one server have;
     * another process may be at it too.
     */
    static synchronized <C> C oneAtATime(Making<C> making) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return making.make();
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !isTaken(e)) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean isTaken(IOException e) {
        return e instanceof BindException
                || (e instanceof ErrnoException error && error.errno() == Errno.EADDRINUSE.number());
    }

    static OwnedFd open(long domain, int protocol) throws IOException {
        OwnedFd fd = Kernel.own(KernelErrors.check("socket", Sockets.socket((int) domain, SOCK_DGRAM, protocol)));
        try {
            if (protocol != IPPROTO_UDP) { // or it could take packets from another socket that allows it
                // Several connections of one server have the same local address.
                fd.use(n -> KernelErrors.check("setsockopt(SO_REUSEADDR)", SocketOptions.set(n, SO_REUSEADDR, 1)));
            }
            return fd;
        } catch (Throwable t) {
            try (fd) {
                throw t;
            }
        }
    }
}
