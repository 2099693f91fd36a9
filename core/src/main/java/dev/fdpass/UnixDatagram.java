package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;

import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A Unix-domain datagram socket ({@code SOCK_DGRAM}): packets, reliable and in order, to one peer or to any address.
 * There is no connection, and therefore no end: when the peer is gone, a send throws {@code ECONNREFUSED} and a receive
 * waits.
 *
 * <p>A packet that does not fit is cut ({@link Received#isPayloadTruncated()}); its descriptors arrive nevertheless. For
 * the rest see {@link ScmSocket}.
 */
public final class UnixDatagram extends ScmSocket {
    private UnixDatagram(Exchange exchange) {
        super(exchange);
    }

    /**
     * A socket over an owner.
     *
     * @param mayHaveOptions whether somebody else may have set options on it that add to what it receives
     */
    static UnixDatagram of(OwnedFd fd, boolean mayHaveOptions) throws IOException {
        return new UnixDatagram(new Exchange(fd, SOCK_DGRAM, mayHaveOptions));
    }

    /**
     * Two datagram sockets that are connected to each other, {@code socketpair(2)}.
     *
     * @return both ends
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static SocketPair<UnixDatagram> pair() throws IOException {
        OwnedFd[] ends = SocketSetup.pair(SOCK_DGRAM);
        return new SocketPair<>(of(ends[0], false), of(ends[1], false));
    }

    /**
     * A socket without an address: it can send to others, who cannot answer.
     *
     * @return the socket
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static UnixDatagram open() throws IOException {
        return of(SocketSetup.open(SOCK_DGRAM), false);
    }

    /**
     * A socket with an address. The file of a pathname is removed when it is closed, if it is still the same.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress};
     *     {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @return the socket
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static UnixDatagram bind(SocketAddress address) throws IOException {
        return bind(address, Map.of());
    }

    /**
     * A socket bound to an address, with what the kernel is to deliver with each message set before anyone can send.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress};
     *     {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @param options what to switch on or off, for example {@code Map.of(ScmOption.SO_PASSCRED, true)}
     * @return the new socket
     * @throws UnsupportedOperationException if the kernel has no such option
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static UnixDatagram bind(SocketAddress address, Map<ScmOption, Boolean> options) throws IOException {
        UnixAddress unix = UnixAddress.of(address);
        ScmOption.check(options);
        OwnedFd fd = SocketSetup.open(SOCK_DGRAM);
        try {
            ScmOption.apply(fd, options);
            SocketSetup.bind(fd, unix);
            return of(fd, !options.isEmpty());
        } catch (Throwable t) {
            fd.closeBecauseOf(t);
            throw t;
        }
    }

    /**
     * Uses a descriptor, perhaps a received one, as a datagram socket. The socket is another view of the same owner:
     * closing either closes both.
     *
     * @param fd a datagram socket of the Unix domain; on an error it stays open and yours
     * @return the socket
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static UnixDatagram adopt(OwnedFd fd) throws IOException {
        Expect.unixDatagram().checkAdopted(fd);
        return of(fd, true);
    }

    /**
     * Sets the address that sends go to from now on; only its owner's packets are received then.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @return this
     * @throws java.net.ConnectException if nobody is bound there
     * @throws IOException if the system refuses for another reason
     */
    public UnixDatagram connect(SocketAddress address) throws IOException {
        UnixAddress unix = UnixAddress.of(address);
        asFd().use(number -> {
            long result = Sockets.connect(number, unix.sunPath());
            if (result < 0) {
                throw Errors.onConnect(unix, result);
            }
            return result;
        });
        return this;
    }

    /**
     * Sends a packet to an address.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @param buffer what to send; its position moves to its limit
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent
     * @throws java.net.ConnectException if nobody is bound there
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public int sendTo(SocketAddress address, ByteBuffer buffer, AsFd... fds) throws IOException {
        return Convenience.send(exchange(), UnixAddress.of(address), Buffers.of(buffer), fds, sendNanos())
                .orElseThrow();
    }

    /**
     * How large the next packet is; waits until there is one and leaves it where it is.
     *
     * @return bytes; -1 if receiving was shut down
     * @throws java.net.SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over
     * @throws IOException if the system refuses
     */
    public int nextPacketSize() throws IOException {
        return exchange().nextPacketSize(receiveNanos());
    }
}
