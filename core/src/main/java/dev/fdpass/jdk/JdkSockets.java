package dev.fdpass.jdk;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Channels of the JDK for sockets that came as descriptors, and descriptors of the sockets of channels, ready to be sent.
 *
 * <pre>{@code
 * try (OwnedFd fd = received.takeFd(0);                                        // closes it if it is refused
 *         ServerSocketChannel listener = JdkSockets.toServerSocketChannel(fd)) {
 *     serve(listener);
 * }
 *
 * try (OwnedFd fd = JdkSockets.duplicateOf(channel)) {
 *     successor.send(ByteBuffer.wrap(name), fd);
 * }
 * }</pre>
 *
 * <p>A channel that is made here is the JDK's own: blocking, with selectors, in virtual threads, through {@code socket()};
 * {@code close} wakes whoever waits. It takes the descriptor: on success the {@link OwnedFd} is closed and the channel alone
 * owns the open file here; on any error the {@code OwnedFd} is open and the caller's. So keep that in a {@code try} of its own:
 * to close it after success does nothing. What to know of a channel:
 *
 * <ul>
 *   <li>It sets {@code O_NONBLOCK} where {@code configureBlocking(false)} is called, a virtual thread uses it, or
 *       {@code socket()} waits with a timeout; and it clears that again, also if others had set it, with
 *       {@code configureBlocking(true)} and after such a wait. It belongs to the open file description, and so to everyone who
 *       shares it, in other processes too. Channels of the JDK and sockets of this library work either way; programs that call
 *       {@code read(2)} may get {@code EAGAIN}, or wait where they did not expect it.
 *   <li>The socket file of a listener stays when the channel is closed, as of any other of the JDK; also if a
 *       {@link dev.fdpass.UnixStreamListener} bound it here, which would have removed it.
 *   <li>Its addresses are what it noted in the beginning. They are the true ones but where it is said otherwise;
 *       {@link #localAddress} asks the kernel.
 *   <li>Closing one that is registered with a selector ends the output of the connection ({@code shutdown(2)}), for all who
 *       share it. Deregister it first: cancel its keys and select once.
 *   <li>To read from a Unix-domain {@code SocketChannel} destroys, unseen, descriptors that come with the bytes; there is
 *       {@link dev.fdpass.UnixStream} for that.
 *   <li>One that is forgotten is closed by nobody, as other socket channels of the JDK; a {@code DatagramChannel} by the
 *       JDK's cleaner.
 * </ul>
 *
 * <p>Safe for use by several threads, interrupted ones too, which stay so. Of several that make an object of one descriptor, one
 * does. Where nothing below says otherwise, the methods throw {@link ClosedChannelException} if what they are given is closed,
 * or another thread has made an object of it; {@link IllegalStateException} if another thread goes on using it, as one that
 * waits to accept does; {@link dev.fdpass.ErrnoException} with the error of a system call ({@code EMFILE} above all:
 * a conversion needs up to six descriptors for a moment), and {@link IOException} if what is wanted cannot be done without a
 * flag, which its message names. {@code /proc} must be mounted, and a channel for a Unix-domain socket begins with a socket
 * file for a moment, in {@code -Djdk.net.unixdomain.tmpdir} or else {@code java.io.tmpdir}, which must be writable.
 *
 * <p>Man pages: {@code dup(2)}, {@code socket(7)}, {@code getsockname(2)}.
 */
public final class JdkSockets {
    private JdkSockets() {}

    /**
     * A channel for a connected stream socket. {@code getLocalAddress} and {@code getRemoteAddress} of a TCP connection are
     * the true ones. For that, a socket of another protocol is bound to the local address for a moment, which needs the
     * address to be one of this network namespace. Where the kernel has neither UDP-Lite nor leave to "ping", that is UDP:
     * then it cannot be done for a server that has the same port of UDP (HTTP/3 has, beside HTTPS), and who binds that
     * port in the moment finds it taken. Those of a Unix-domain socket are the unnamed address; with the flag
     * {@code --add-opens java.base/sun.nio.ch} they too are the true ones (but for an abstract name, which the JDK cannot
     * say), and nothing is bound.
     *
     * @param fd a connected TCP or Unix-domain stream socket
     * @return the channel, in blocking mode
     * @throws IllegalArgumentException if it is no stream socket, or listens
     * @throws SocketException if it is not connected, which may be the peer's doing: it has reset the connection
     * @throws UnsupportedOperationException if it is of IPv6, and the JDK was told not to use that
     * @throws IOException as above
     */
    public static SocketChannel toSocketChannel(OwnedFd fd) throws IOException {
        return Taking.take(fd, number -> {
            SocketFacts facts = facts(
                    fd, number, f -> (f.isTcp() || f.isUnixStream()) && !f.listens(), "a TCP or Unix stream socket");
            Optional<SocketAddress> local = Addresses.local(number);
            Optional<SocketAddress> remote = Addresses.remote(number);
            if (local.isEmpty() || remote.isEmpty()) {
                // Not the caller's mistake: the peer may have reset the connection after it was checked.
                throw new SocketException(fd + " is not connected: it never was, or its peer has reset the connection");
            }
            return new SocketGraft(number, facts).socketChannel(local.get(), remote.get());
        });
    }

    /**
     * A channel for a listening stream socket. What it accepts has the right addresses. Its own {@code getLocalAddress} is a
     * placeholder's (of the loopback interface, or a path that exists no more); with the flag
     * {@code --add-opens java.base/sun.nio.ch} it is the true one. {@link #localAddress} of the descriptor says it, before.
     *
     * @param fd a listening TCP or Unix-domain stream socket
     * @return the channel, in blocking mode
     * @throws IllegalArgumentException if it is anything else
     * @throws UnsupportedOperationException if it is of IPv6, and the JDK was told not to use that
     * @throws IOException as above
     */
    public static ServerSocketChannel toServerSocketChannel(OwnedFd fd) throws IOException {
        return Taking.take(fd, number -> {
            SocketFacts facts = facts(
                    fd,
                    number,
                    f -> (f.isTcp() || f.isUnixStream()) && f.listens(),
                    "a listening TCP or Unix stream socket");
            return new SocketGraft(number, facts).serverSocketChannel(Addresses.local(number));
        });
    }

    /**
     * A channel for a UDP socket. Its addresses are the true ones, as of {@link #toSocketChannel}.
     *
     * <p>After {@code disconnect()} of one that came connected, the JDK may find the local address changed and open another
     * socket instead: then it shares nothing any more.
     *
     * @param fd a UDP socket: bound, connected, or neither
     * @return the channel, in blocking mode
     * @throws IllegalArgumentException if it is anything else
     * @throws UnsupportedOperationException if it is of IPv6, and the JDK was told not to use that
     * @throws IOException as above
     */
    public static DatagramChannel toDatagramChannel(OwnedFd fd) throws IOException {
        return Taking.take(fd, number -> {
            SocketFacts facts = facts(fd, number, SocketFacts::isUdp, "a UDP socket");
            return new SocketGraft(number, facts).datagramChannel(Addresses.local(number), Addresses.remote(number));
        });
    }

    private static SocketFacts facts(OwnedFd fd, int number, Predicate<SocketFacts> wanted, String what)
            throws IOException {
        SocketFacts facts = SocketFacts.of(number);
        if (!wanted.test(facts)) {
            throw new IllegalArgumentException(fd + " is not " + what);
        }
        return facts;
    }

    /**
     * A descriptor of one's own for the socket of a channel, which goes on owning and using its own.
     *
     * <p>It is found by the addresses of the channel, or where several sockets have those, by setting its
     * {@code TCP_KEEPINTERVAL} to a few values for some microseconds. For a Unix-domain socket, it is the size of a buffer
     * that has no effect there. The values are next to the one before, at most 64 seconds or 1 KiB away, and that is restored.
     * Yet a connection that a listener accepts in the moment keeps its value; so does the socket if the channel is closed in
     * it, or another process that shares the socket does the same at the same time; and what the program itself sets for that
     * option in it is undone.
     *
     * @param channel an open channel of the JDK, connected; in any mode, and in use by any number of threads
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws NotYetConnectedException if it is not connected
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(SocketChannel channel) throws IOException {
        if (!channel.isConnected() && channel.isOpen()) {
            throw new NotYetConnectedException();
        }
        return SocketDuplicate.of(
                channel, f -> (f.isTcp() || f.isUnixStream()) && !f.listens(), channel.getRemoteAddress());
    }

    /**
     * As {@link #duplicateOf(SocketChannel)}, of a listener.
     *
     * @param channel an open and bound channel of the JDK
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws NotYetBoundException if it is not bound
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(ServerSocketChannel channel) throws IOException {
        if (channel.getLocalAddress() == null) {
            throw new NotYetBoundException();
        }
        return SocketDuplicate.of(channel, f -> (f.isTcp() || f.isUnixStream()) && f.listens(), null);
    }

    /**
     * As {@link #duplicateOf(SocketChannel)}, of a UDP socket. It is found by making its {@code SO_SNDBUF} up to 1 KiB
     * smaller for some microseconds.
     *
     * @param channel an open channel of the JDK: bound, connected, or neither
     * @return the duplicate, close-on-exec, to be closed by the caller
     * @throws IOException as above
     */
    public static OwnedFd duplicateOf(DatagramChannel channel) throws IOException {
        return SocketDuplicate.of(channel, SocketFacts::isUdp, channel.getRemoteAddress());
    }

    /**
     * The address that a socket is bound to, as the kernel knows it now.
     *
     * @param socket any Internet or Unix-domain socket
     * @return an {@link java.net.InetSocketAddress}; or a {@link java.net.UnixDomainSocketAddress}, whose path is empty if the
     *     socket has no name, or one of bytes that are no pathname in the encoding of this JVM; or a {@link dev.fdpass.UnixAddress} for an abstract name, which the JDK has no word for; or empty
     *     if it is an Internet socket that is not bound
     * @throws IOException if it is closed or no socket ({@code ENOTSOCK})
     */
    public static Optional<SocketAddress> localAddress(AsFd socket) throws IOException {
        return socket.asFd().use(Addresses::local);
    }

    /**
     * The address that a socket is connected to, as the kernel knows it now.
     *
     * @param socket any Internet or Unix-domain socket
     * @return as {@link #localAddress}; empty if it is not connected, or its peer has reset the connection
     * @throws IOException if it is closed or no socket ({@code ENOTSOCK})
     */
    public static Optional<SocketAddress> remoteAddress(AsFd socket) throws IOException {
        return socket.asFd().use(Addresses::remote);
    }
}
