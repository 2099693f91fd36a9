package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SOCK_SEQPACKET;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;

/** Accepts {@link UnixSeqpacket} connections. For waiting, closing and errors see {@link UnixListener}. Man page: {@code unix(7)}. */
public final class UnixSeqpacketListener extends UnixListener<UnixSeqpacket> {
    private UnixSeqpacketListener(OwnedFd fd, boolean mayHaveOptions) {
        super(fd, mayHaveOptions);
    }

    /**
     * Listens at an address, with as many connections waiting as the system allows.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress};
     *     {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @return the listener
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static UnixSeqpacketListener bind(SocketAddress address) throws IOException {
        return bind(address, DEFAULT_BACKLOG);
    }

    /**
     * Listens at an address.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress};
     *     {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @param backlog how many connections may wait to be accepted, 1 or more; the system may allow fewer
     * @return the listener
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static UnixSeqpacketListener bind(SocketAddress address, int backlog) throws IOException {
        return bind(address, backlog, Map.of());
    }

    /**
     * Listens at an address, with what the kernel is to deliver with each message set before anyone can connect.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress};
     *     {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @param options what to switch on or off, for example {@code Map.of(ScmOption.SO_PASSCRED, true)}; not
     *     {@link ScmOption#SO_TIMESTAMPNS}, which connections do not inherit
     * @return the listener
     * @throws UnsupportedOperationException if the kernel has no such option, or it is not inherited
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static UnixSeqpacketListener bind(SocketAddress address, Map<ScmOption, Boolean> options)
            throws IOException {
        return bind(address, DEFAULT_BACKLOG, options);
    }

    /**
     * Listens at an address, with what the kernel is to deliver with each message set before anyone can connect.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress};
     *     {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @param backlog how many connections may wait to be accepted, 1 or more; the system may allow fewer
     * @param options as for {@link #bind(SocketAddress, Map)}
     * @return the listener
     * @throws UnsupportedOperationException if the kernel has no such option, or it is not inherited
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static UnixSeqpacketListener bind(SocketAddress address, int backlog, Map<ScmOption, Boolean> options)
            throws IOException {
        OwnedFd fd = bind(SOCK_SEQPACKET, UnixAddress.of(address), backlog, options);
        return new UnixSeqpacketListener(fd, !options.isEmpty());
    }

    /**
     * Uses a descriptor, perhaps a received or inherited one, as a listener. The listener is another view of the same
     * owner: closing either closes both. The socket's file, if it has one, is left alone.
     *
     * @param fd a listening seqpacket socket of the Unix domain; on an error it stays open and yours
     * @return the listener
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static UnixSeqpacketListener adopt(OwnedFd fd) throws IOException {
        Expect.unixSeqpacket().listening().checkAdopted(fd);
        return new UnixSeqpacketListener(fd, true);
    }

    @Override
    UnixSeqpacket connection(OwnedFd accepted, boolean mayHaveOptions) throws IOException {
        return UnixSeqpacket.of(accepted, mayHaveOptions);
    }
}
