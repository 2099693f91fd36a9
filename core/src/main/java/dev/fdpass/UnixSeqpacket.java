package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SOCK_SEQPACKET;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * A connected Unix-domain socket that keeps packet boundaries ({@code SOCK_SEQPACKET}): one send is one receive, with
 * its bytes and its descriptors, and the end of the connection is told. The best choice where both sides may choose.
 *
 * <p>A packet that does not fit is cut ({@link Received#isPayloadTruncated()}); its descriptors arrive nevertheless. For
 * the rest see {@link ScmSocket}.
 */
public final class UnixSeqpacket extends ScmSocket {
    private UnixSeqpacket(Exchange exchange) {
        super(exchange);
    }

    /**
     * A socket over an owner.
     *
     * @param mayHaveOptions whether somebody else may have set options on it that add to what it receives
     */
    static UnixSeqpacket of(OwnedFd fd, boolean mayHaveOptions) throws IOException {
        return new UnixSeqpacket(new Exchange(fd, SOCK_SEQPACKET, mayHaveOptions));
    }

    /**
     * Two seqpacket sockets that are connected to each other, {@code socketpair(2)}.
     *
     * @return both ends
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static SocketPair<UnixSeqpacket> pair() throws IOException {
        OwnedFd[] ends = SocketSetup.pair(SOCK_SEQPACKET);
        return new SocketPair<>(of(ends[0], false), of(ends[1], false));
    }

    /**
     * Connects to a listener, waiting for a place in its queue as long as it takes.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @return the connection
     * @throws java.net.ConnectException if nobody listens there
     * @throws IOException if the system refuses for another reason
     */
    public static UnixSeqpacket connect(SocketAddress address) throws IOException {
        return connect(address, Duration.ZERO);
    }

    /**
     * Connects to a listener, waiting for a place in its queue.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @param timeout how long at most; zero for as long as it takes
     * @return the connection
     * @throws java.net.ConnectException if nobody listens there
     * @throws java.net.SocketTimeoutException if the queue stays full
     * @throws IOException if the system refuses for another reason
     */
    public static UnixSeqpacket connect(SocketAddress address, Duration timeout) throws IOException {
        UnixAddress unix = UnixAddress.of(address);
        OwnedFd fd = SocketSetup.open(SOCK_SEQPACKET);
        try {
            SocketSetup.connect(fd, unix, timeout);
            return of(fd, false);
        } catch (Throwable t) {
            fd.closeBecauseOf(t);
            throw t;
        }
    }

    /**
     * Uses a descriptor, perhaps a received one, as a seqpacket socket. The socket is another view of the same owner:
     * closing either closes both.
     *
     * @param fd a connected seqpacket socket of the Unix domain; on an error it stays open and yours
     * @return the socket
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static UnixSeqpacket adopt(OwnedFd fd) throws IOException {
        Expect.unixSeqpacket().notListening().checkAdopted(fd);
        return of(fd, true);
    }

    /**
     * How large the next packet is; waits until there is one and leaves it where it is.
     *
     * @return bytes; -1 at the end of the connection
     * @throws java.net.SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over
     * @throws IOException if the connection was reset
     */
    public int nextPacketSize() throws IOException {
        return exchange().nextPacketSize(receiveNanos());
    }
}
