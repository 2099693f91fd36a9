package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Sockaddr;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Channels of the JDK whose descriptor is replaced by a received one. A placeholder owns its number from the beginning, so
 * whatever fails, closing it closes what has come in its place, and the received descriptor is still its owner's.
 */
final class SocketGraft {
    /** The descriptor that was received, in the hands of somebody who keeps it open. */
    private final int received;

    private final SocketFacts facts;

    SocketGraft(int received, SocketFacts facts) {
        this.received = received;
        this.facts = facts;
    }

    /** Opens a placeholder. */
    private interface Opening<C> {
        C open() throws IOException;
    }

    /** What is done between a placeholder and its end. */
    private interface Preparation<C> {
        void prepare(C channel, int number) throws IOException;
    }

    private <C extends NetworkChannel> C graft(Opening<C> opening, Preparation<C> preparation) throws IOException {
        int hint = Numbers.next(received);
        C channel = opening.open();
        try {
            int number = number(channel, hint);
            preparation.prepare(channel, number);
            Kernel.putInPlace(received, number);
            return Grafted.remember(channel, number);
        } catch (Throwable t) {
            try (channel) {
                throw t;
            }
        }
    }

    private static int number(NetworkChannel channel, int hint) throws IOException {
        Optional<SocketInternals> internals = SocketInternals.opened();
        return internals.isPresent() ? internals.get().number(channel) : MarkSearch.placeholder(channel, hint);
    }

    SocketChannel socketChannel(SocketAddress local, SocketAddress remote) throws IOException {
        Optional<SocketInternals> internals = SocketInternals.opened();
        if (internals.isPresent()) {
            return graft(
                    () -> SocketChannel.open(facts.family()),
                    (channel, number) -> internals
                            .get()
                            .connected(channel, Addresses.asJdkHasIt(local), Addresses.asJdkHasIt(remote)));
        }
        return facts.family() == StandardProtocolFamily.UNIX
                ? graft(() -> PlatformThread.apart(SocketGraft::connectedUnixChannel), (channel, number) -> {})
                : overStandIn(protocol -> connectedTcp(protocol, local, remote));
    }

    private SocketChannel connectedTcp(int protocol, SocketAddress local, SocketAddress remote) throws IOException {
        return graft(() -> SocketChannel.open(facts.family()), (channel, number) -> {
            Sockaddr address = Sockets.localAddress(received);
            KernelErrors.check("getsockname", address.result());
            try (OwnedFd standIn = StandIn.open(facts.domain(), protocol)) {
                standIn.use(n -> KernelErrors.check("bind " + local, Sockets.bind(n, address)));
                Kernel.putInPlace(standIn, number);
            }
            PlatformThread.apart(() -> channel.connect(remote));
            checkAddresses(channel.getLocalAddress(), local, channel.getRemoteAddress(), remote);
        });
    }

    /** A connection whose addresses are both unnamed. */
    private static SocketChannel connectedUnixChannel() throws IOException {
        int hint = Numbers.next(0);
        try (ServerSocketChannel server = boundUnixServer();
                UnixStreamListener abstractOne = UnixStreamListener.bind(UnixAddress.unnamed())) {
            // An accepted socket has its listener's address. An abstract one has no form in the JDK, and so is none.
            int number = MarkSearch.placeholder(server, hint);
            Kernel.putInPlace(abstractOne.asFd(), number);
            try (UnixStream _ = UnixStream.connect(abstractOne.localAddress())) {
                return server.accept();
            }
        }
    }

    private static ServerSocketChannel boundUnixServer() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            bindAnywhere(server);
            Files.delete(((UnixDomainSocketAddress) server.getLocalAddress()).getPath());
            return server;
        } catch (Throwable t) {
            try (server) {
                throw t;
            }
        }
    }

    private static void bindAnywhere(ServerSocketChannel server) throws IOException {
        try {
            server.bind(null);
        } catch (IOException e) {
            String directory = System.getProperty("jdk.net.unixdomain.tmpdir", System.getProperty("java.io.tmpdir"));
            throw new IOException(
                    "a channel for a Unix-domain socket begins with a socket file for a moment, which could not be made in "
                            + directory + "; name a directory that can be written with -Djdk.net.unixdomain.tmpdir=…"
                            + Advice.otherwise(SocketInternals.PACKAGE),
                    e);
        }
    }

    ServerSocketChannel serverSocketChannel(Optional<SocketAddress> local) throws IOException {
        Optional<SocketInternals> internals = SocketInternals.opened();
        if (internals.isPresent()) {
            return graft(
                    () -> ServerSocketChannel.open(facts.family()),
                    (channel, number) -> internals.get().bound(channel, Addresses.asJdkHasIt(local.orElseThrow())));
        }
        return graft(
                () -> facts.family() == StandardProtocolFamily.UNIX ? boundUnixServer() : boundServer(facts.family()),
                (channel, number) -> {});
    }

    private static ServerSocketChannel boundServer(ProtocolFamily family) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(family);
        try {
            return server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
        } catch (Throwable t) {
            try (server) {
                throw t;
            }
        }
    }

    DatagramChannel datagramChannel(Optional<SocketAddress> local, Optional<SocketAddress> remote) throws IOException {
        Optional<SocketInternals> internals = SocketInternals.opened();
        if (internals.isPresent()) {
            return graft(
                    () -> DatagramChannel.open(facts.family()),
                    (channel, number) -> internals.get().datagram(channel, local.orElse(null), remote.orElse(null)));
        }
        return local.isEmpty()
                ? graft(() -> DatagramChannel.open(facts.family()), (channel, number) -> {})
                : overStandIn(protocol -> boundUdp(protocol, local.get(), remote));
    }

    private DatagramChannel boundUdp(int protocol, SocketAddress local, Optional<SocketAddress> remote)
            throws IOException {
        return graft(() -> DatagramChannel.open(facts.family()), (channel, number) -> {
            try (OwnedFd standIn = StandIn.open(facts.domain(), protocol)) {
                Kernel.putInPlace(standIn, number);
            }
            channel.bind(local);
            if (remote.isPresent()) {
                PlatformThread.apart(() -> channel.connect(remote.get()));
            }
            checkAddresses(channel.getLocalAddress(), local, channel.getRemoteAddress(), remote.orElse(null));
        });
    }

    private static void checkAddresses(
            @Nullable SocketAddress local,
            SocketAddress expectedLocal,
            @Nullable SocketAddress remote,
            @Nullable SocketAddress expectedRemote)
            throws IOException {
        if (!expectedLocal.equals(local) || !Objects.equals(remote, expectedRemote)) {
            throw new IOException("the JDK took the addresses " + expectedLocal + " and " + expectedRemote + " for "
                    + local + " and " + remote);
        }
    }

    /** Makes a channel with a stand-in of some protocol. */
    private interface OverStandIn<C> {
        C with(int protocol) throws IOException;
    }

    private <C> C overStandIn(OverStandIn<C> making) throws IOException {
        IOException failure = new IOException("no socket could stand in for " + facts.family()
                + " addresses of the received one, so that the JDK would note them"
                + Advice.startWith(SocketInternals.PACKAGE));
        for (int protocol : StandIn.protocols(facts.domain())) {
            try {
                return protocol == SocketConstants.IPPROTO_UDP
                        ? StandIn.oneAtATime(() -> making.with(protocol))
                        : making.with(protocol);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }
}
