package dev.fdpass.jdk;

import static dev.fdpass.linux.SocketConstants.AF_INET;
import static dev.fdpass.linux.SocketConstants.IPPROTO_ICMP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_ICMPV6;
import static dev.fdpass.linux.SocketConstants.IPPROTO_UDP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_UDPLITE;
import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;
import static dev.fdpass.linux.SocketConstants.SO_REUSEADDR;

import dev.fdpass.OwnedFd;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.util.List;

/**
 * A socket that can be bound and connected to the addresses that a received one has, without a packet and beside it: of a
 * protocol whose ports are its own. The JDK, made to bind and connect it, notes the addresses as it would those of its own.
 */
final class StandIn {
    private StandIn() {}

    /**
     * Protocols to try, the best first: UDP-Lite, which newer kernels have no more; "ping" sockets, which an administrator
     * must allow ({@code net.ipv4.ping_group_range}), and which take any port; UDP itself, where nobody has the port.
     */
    static List<Integer> protocols(long domain) {
        return List.of(IPPROTO_UDPLITE, domain == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6, IPPROTO_UDP);
    }

    static OwnedFd open(long domain, int protocol) throws IOException {
        OwnedFd fd = Kernel.own(Kernel.check("socket", Sockets.socket((int) domain, SOCK_DGRAM, protocol)));
        try {
            if (protocol != IPPROTO_UDP) { // or it could take packets from another socket that allows it
                // Several connections of one server have the same local address.
                fd.use(n -> Kernel.check("setsockopt(SO_REUSEADDR)", SocketOptions.set(n, SO_REUSEADDR, 1)));
            }
            return fd;
        } catch (Throwable t) {
            try (fd) {
                throw t;
            }
        }
    }
}
