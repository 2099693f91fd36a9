package dev.fdpass.jdk;

import static dev.fdpass.jdk.Proofs.PROVED;
import static dev.fdpass.jdk.Proofs.bytes;
import static dev.fdpass.jdk.Proofs.require;
import static dev.fdpass.jdk.Proofs.requireEqual;
import static dev.fdpass.jdk.Proofs.requireSame;

import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.Proofs.Proof;
import dev.fdpass.jdk.Proofs.Subject;
import dev.fdpass.jdk.Proofs.Waiting;
import dev.fdpass.linux.Descriptors;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What is proved of a {@link DatagramChannel}. */
final class DatagramProofs {
    private enum State {
        BOUND,
        BOUND_TO_ANY,
        CONNECTED,
        NEITHER
    }

    /** The descriptor that is passed, and another socket, which it is connected to if to any. */
    private record Ends(OwnedFd fd, DatagramChannel peer, SocketAddress local, SocketAddress remote)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            fd.close();
            peer.close();
        }
    }

    private interface Use {
        String of(DatagramChannel channel, Ends ends) throws Exception;
    }

    private DatagramProofs() {}

    static void addTo(Map<Subject, Map<String, Proof>> all) {
        for (StandardProtocolFamily family :
                new StandardProtocolFamily[] {StandardProtocolFamily.INET, StandardProtocolFamily.INET6}) {
            for (State state : State.values()) {
                String object = "DatagramChannel, UDP over IPv"
                        + (family == StandardProtocolFamily.INET ? 4 : 6)
                        + switch (state) {
                            case BOUND -> ", bound";
                            case BOUND_TO_ANY -> ", bound to any address";
                            case CONNECTED -> ", connected";
                            case NEITHER -> ", not bound";
                        };
                Map<String, Proof> to = new LinkedHashMap<>();
                to.put("same open file", () -> isTheSame(family, state));
                to.put("blocking receive", () -> with(family, state, DatagramProofs::blockingReceive));
                to.put("selector", () -> with(family, state, DatagramProofs::selector));
                to.put("virtual threads", () -> with(family, state, DatagramProofs::virtualThreads));
                to.put("made in a virtual thread", () -> madeInVirtualThread(family, state));
                to.put("close wakes", () -> with(family, state, DatagramProofs::closeWakes));
                to.put("getLocalAddress", () -> with(family, state, (c, e) -> same(c.getLocalAddress(), e.local())));
                to.put("getRemoteAddress", () -> with(family, state, (c, e) -> same(c.getRemoteAddress(), e.remote())));
                to.put("socket()", () -> with(family, state, DatagramProofs::adaptor));
                all.put(new Subject(object, "to"), to);

                Map<String, Proof> from = new LinkedHashMap<>();
                from.put("same open file", () -> duplicate(family, state));
                all.put(new Subject(object, "from"), from);
            }
        }
    }

    private static DatagramChannel open(StandardProtocolFamily family, State state, DatagramChannel peer)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        return switch (state) {
            case BOUND -> channel.bind(new InetSocketAddress(loopback(family), 0));
            case BOUND_TO_ANY -> channel.bind(null);
            case CONNECTED ->
                channel.bind(new InetSocketAddress(loopback(family), 0)).connect(peer.getLocalAddress());
            case NEITHER -> channel;
        };
    }

    private static InetAddress loopback(StandardProtocolFamily family) {
        return InetAddress.ofLiteral(family == StandardProtocolFamily.INET ? "127.0.0.1" : "::1");
    }

    private static Ends ends(StandardProtocolFamily family, State state) throws IOException {
        DatagramChannel peer = DatagramChannel.open(family).bind(new InetSocketAddress(loopback(family), 0));
        try (DatagramChannel channel = open(family, state, peer)) {
            return new Ends(
                    JdkSockets.duplicateOf(channel), peer, channel.getLocalAddress(), channel.getRemoteAddress());
        }
    }

    private static String with(StandardProtocolFamily family, State state, Use use) throws Exception {
        try (Ends ends = ends(family, state);
                DatagramChannel channel = JdkSockets.toDatagramChannel(ends.fd())) {
            require(!ends.fd().isOpen(), "the descriptor was taken");
            return use.of(channel, ends);
        }
    }

    private static String isTheSame(StandardProtocolFamily family, State state) throws Exception {
        try (Ends ends = ends(family, state);
                OwnedFd kept = ends.fd().duplicate()) {
            long before = Descriptors.getStatusFlags(kept.number());
            try (DatagramChannel channel = JdkSockets.toDatagramChannel(ends.fd());
                    OwnedFd again = JdkSockets.duplicateOf(channel)) {
                requireSame(again, kept);
                requireEqual(Descriptors.getStatusFlags(kept.number()), before);
                requireEqual(channel.isConnected(), state == State.CONNECTED);
            }
            return PROVED;
        }
    }

    private static String same(SocketAddress actual, SocketAddress expected) {
        require(Objects.equals(actual, expected), actual + " is " + expected);
        return "true";
    }

    /** Where a packet to the channel is sent: what was not bound is bound here. */
    private static SocketAddress reach(DatagramChannel channel, Ends ends) throws IOException {
        if (channel.getLocalAddress() == null) {
            channel.bind(null);
        }
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        return new InetSocketAddress(((InetSocketAddress) ends.peer().getLocalAddress()).getAddress(), port);
    }

    private static String blockingReceive(DatagramChannel channel, Ends ends) throws Exception {
        SocketAddress address = reach(channel, ends);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Waiting<SocketAddress> receives = Waiting.onPlatformThread(() -> channel.receive(buffer));
        ends.peer().send(bytes("hello"), address);
        requireEqual(receives.get(), ends.peer().getLocalAddress());
        channel.send(bytes("back"), ends.peer().getLocalAddress());
        requireEqual(ends.peer().receive(buffer), address);
        return PROVED;
    }

    private static String selector(DatagramChannel channel, Ends ends) throws Exception {
        SocketAddress address = reach(channel, ends);
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            Waiting<Integer> selects = Waiting.onPlatformThread(selector::select);
            ends.peer().send(bytes("hello"), address);
            requireEqual(selects.get(), 1);
            require(channel.receive(ByteBuffer.allocate(10)) != null, "a packet is there");
            require(channel.receive(ByteBuffer.allocate(10)) == null, "no second one is");
        }
        return PROVED;
    }

    private static String virtualThreads(DatagramChannel channel, Ends ends) throws Exception {
        SocketAddress address = reach(channel, ends);
        Waiting<SocketAddress> receives =
                Waiting.on(Thread.ofVirtual(), () -> channel.receive(ByteBuffer.allocate(10)));
        ends.peer().send(bytes("hello"), address);
        requireEqual(receives.get(), ends.peer().getLocalAddress());
        Waiting<SocketAddress> again = Waiting.on(Thread.ofVirtual(), () -> channel.receive(ByteBuffer.allocate(10)));
        channel.close();
        require(again.failure() instanceof AsynchronousCloseException, "closing wakes a virtual thread");
        return PROVED;
    }

    private static String madeInVirtualThread(StandardProtocolFamily family, State state) throws Exception {
        try (Ends ends = ends(family, state)) {
            DatagramChannel made = StreamProofs.inVirtualThread(() -> JdkSockets.toDatagramChannel(ends.fd()));
            try (made) {
                return selector(made, ends);
            }
        }
    }

    private static String closeWakes(DatagramChannel channel, Ends unused) throws Exception {
        Waiting<SocketAddress> receives = Waiting.onPlatformThread(() -> channel.receive(ByteBuffer.allocate(10)));
        channel.close();
        require(receives.failure() instanceof AsynchronousCloseException, "closing wakes a thread");
        return PROVED;
    }

    private static String adaptor(DatagramChannel channel, Ends ends) throws Exception {
        SocketAddress address = reach(channel, ends);
        ends.peer().send(bytes("hello"), address);
        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
        channel.socket().receive(packet);
        requireEqual(packet.getLength(), 5);
        return PROVED;
    }

    private static String duplicate(StandardProtocolFamily family, State state) throws Exception {
        try (DatagramChannel peer = DatagramChannel.open(family).bind(new InetSocketAddress(loopback(family), 0));
                DatagramChannel channel = open(family, state, peer)) {
            int buffer = channel.getOption(StandardSocketOptions.SO_SNDBUF);
            try (OwnedFd duplicate = JdkSockets.duplicateOf(channel);
                    OwnedFd again = JdkSockets.duplicateOf(channel);
                    DatagramChannel made = JdkSockets.toDatagramChannel(duplicate);
                    OwnedFd ofMade = JdkSockets.duplicateOf(made)) {
                requireSame(again, ofMade);
                requireEqual(channel.getOption(StandardSocketOptions.SO_SNDBUF), buffer);
                made.send(bytes("hello"), peer.getLocalAddress());
                SocketAddress sender = peer.receive(ByteBuffer.allocate(10));
                int port = ((InetSocketAddress) sender).getPort();
                requireEqual(
                        JdkSockets.localAddress(again)
                                .map(a -> ((InetSocketAddress) a).getPort())
                                .orElseThrow(),
                        port);
            }
        }
        return PROVED;
    }
}
