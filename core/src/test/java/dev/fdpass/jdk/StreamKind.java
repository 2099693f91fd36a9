package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stream sockets that the JDK has channels for. */
enum StreamKind {
    TCP_OF_IPV4(StandardProtocolFamily.INET, "127.0.0.1"),
    TCP_OF_IPV6(StandardProtocolFamily.INET6, "::1"),
    /** An IPv6 socket with IPv4 addresses, which is what the JDK opens by itself. */
    TCP_OF_BOTH(StandardProtocolFamily.INET6, "127.0.0.1"),
    UNIX(StandardProtocolFamily.UNIX, "");

    private final StandardProtocolFamily family;
    private final String host;

    StreamKind(StandardProtocolFamily family, String host) {
        this.family = family;
        this.host = host;
    }

    boolean isTcp() {
        return family != StandardProtocolFamily.UNIX;
    }

    @Override
    public String toString() {
        return switch (this) {
            case TCP_OF_IPV4 -> "TCP over IPv4";
            case TCP_OF_IPV6 -> "TCP over IPv6";
            case TCP_OF_BOTH -> "TCP over IPv4 on an IPv6 socket";
            case UNIX -> "Unix stream";
        };
    }

    /** A connection: the end that is passed as a descriptor, and the other one. */
    record Connection(OwnedFd fd, SocketChannel peer, SocketAddress local, SocketAddress remote)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            fd.close();
            peer.close();
        }
    }

    /** A listener. */
    record Listener(OwnedFd fd, SocketAddress address) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            fd.close();
            if (address instanceof UnixDomainSocketAddress unix) {
                Files.deleteIfExists(unix.getPath());
            }
        }
    }

    ServerSocketChannel open() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(family);
        return server.bind(isTcp() ? new InetSocketAddress(InetAddress.getByName(host), 0) : null);
    }

    SocketChannel connect(SocketAddress address) throws IOException {
        SocketChannel client = SocketChannel.open(family);
        client.connect(address);
        return client;
    }

    static void removeFile(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix && !unix.getPath().equals(Path.of(""))) {
            Files.deleteIfExists(unix.getPath());
        }
    }

    /** The accepted end is the one that is passed. */
    Connection connection() throws IOException {
        return connection(true);
    }

    Connection connection(boolean blocking) throws IOException {
        try (ServerSocketChannel server = open()) {
            SocketChannel peer = connect(server.getLocalAddress());
            removeFile(server.getLocalAddress());
            try (SocketChannel accepted = server.accept()) {
                accepted.configureBlocking(blocking);
                return new Connection(
                        JdkSockets.duplicateOf(accepted),
                        peer,
                        accepted.getLocalAddress(),
                        accepted.getRemoteAddress());
            }
        }
    }

    Listener listener() throws IOException {
        try (ServerSocketChannel server = open()) {
            return new Listener(JdkSockets.duplicateOf(server), server.getLocalAddress());
        }
    }
}
