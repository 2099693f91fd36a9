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
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is proved of a {@link ServerSocketChannel}. */
final class ListenerProofs {
    private interface Use {
        String of(ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener) throws Exception;
    }

    private ListenerProofs() {}

    static void addTo(Map<Subject, Map<String, Proof>> all) {
        for (StreamKind kind : StreamKind.values()) {
            Map<String, Proof> to = new LinkedHashMap<>();
            to.put("same open file", () -> isTheSame(kind));
            to.put("status flags untouched", () -> flagsStay(kind));
            to.put("blocking accept", () -> with(kind, ListenerProofs::blockingAccept));
            to.put("selector", () -> with(kind, ListenerProofs::selector));
            to.put("virtual threads", () -> with(kind, ListenerProofs::virtualThreads));
            to.put("made in a virtual thread", () -> madeInVirtualThread(kind));
            to.put("addresses of accepted", () -> with(kind, ListenerProofs::addressesOfAccepted));
            to.put("close wakes, and ends listening", () -> with(kind, ListenerProofs::closeWakes));
            to.put(
                    "getLocalAddress",
                    () -> with(kind, (c, k, l) -> StreamProofs.address(c.getLocalAddress(), l.address())));
            if (kind.isTcp()) {
                to.put("socket()", () -> with(kind, ListenerProofs::adaptor));
            }
            all.put(new Subject("ServerSocketChannel, " + kind, "to"), to);

            Map<String, Proof> from = new LinkedHashMap<>();
            from.put("same open file", () -> duplicate(kind));
            from.put("of one made here", () -> with(kind, ListenerProofs::duplicateOfOneMadeHere));
            all.put(new Subject("ServerSocketChannel, " + kind, "from"), from);
        }
    }

    private static String with(StreamKind kind, Use use) throws Exception {
        try (var listener = kind.listener();
                ServerSocketChannel channel = JdkSockets.toServerSocketChannel(listener.fd())) {
            require(!listener.fd().isOpen(), "the descriptor was taken");
            return use.of(channel, kind, listener);
        }
    }

    private static String isTheSame(StreamKind kind) throws Exception {
        try (var listener = kind.listener();
                OwnedFd kept = listener.fd().duplicate();
                ServerSocketChannel channel = JdkSockets.toServerSocketChannel(listener.fd());
                OwnedFd again = JdkSockets.duplicateOf(channel)) {
            requireSame(again, kept);
            requireEqual(JdkSockets.localAddress(again).orElseThrow(), listener.address());
            return PROVED;
        }
    }

    private static String flagsStay(StreamKind kind) throws Exception {
        try (var listener = kind.listener();
                OwnedFd kept = listener.fd().duplicate()) {
            long before = Descriptors.getStatusFlags(kept.number());
            try (ServerSocketChannel channel = JdkSockets.toServerSocketChannel(listener.fd())) {
                require(channel.isBlocking(), "it is in blocking mode");
                requireEqual(Descriptors.getStatusFlags(kept.number()), before);
            }
        }
        return PROVED;
    }

    private static void exchange(SocketChannel client, SocketChannel accepted) throws IOException {
        client.write(bytes("hello"));
        accepted.configureBlocking(true);
        requireEqual(accepted.read(ByteBuffer.allocate(10)), 5);
    }

    private static String blockingAccept(ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener)
            throws Exception {
        Waiting<SocketChannel> accepts = Waiting.onPlatformThread(channel::accept);
        try (SocketChannel client = kind.connect(listener.address());
                SocketChannel accepted = accepts.get()) {
            exchange(client, accepted);
            return PROVED;
        }
    }

    private static String selector(ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener)
            throws Exception {
        channel.configureBlocking(false);
        require(channel.accept() == null, "nobody is there");
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_ACCEPT);
            Waiting<Integer> selects = Waiting.onPlatformThread(selector::select);
            try (SocketChannel client = kind.connect(listener.address())) {
                requireEqual(selects.get(), 1);
                try (SocketChannel accepted = channel.accept()) {
                    exchange(client, accepted);
                }
            }
        }
        return PROVED;
    }

    private static String virtualThreads(ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener)
            throws Exception {
        Waiting<SocketChannel> accepts = Waiting.on(Thread.ofVirtual(), channel::accept);
        try (SocketChannel client = kind.connect(listener.address());
                SocketChannel accepted = accepts.get()) {
            exchange(client, accepted);
        }
        Waiting<SocketChannel> again = Waiting.on(Thread.ofVirtual(), channel::accept);
        channel.close();
        require(again.failure() instanceof AsynchronousCloseException, "closing wakes a virtual thread");
        return PROVED;
    }

    private static String madeInVirtualThread(StreamKind kind) throws Exception {
        try (var listener = kind.listener()) {
            ServerSocketChannel made =
                    StreamProofs.inVirtualThread(() -> JdkSockets.toServerSocketChannel(listener.fd()));
            try (made) {
                return selector(made, kind, listener);
            }
        }
    }

    private static String addressesOfAccepted(
            ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener) throws Exception {
        try (SocketChannel client = kind.connect(listener.address());
                SocketChannel accepted = channel.accept()) {
            requireEqual(accepted.getLocalAddress(), listener.address());
            requireEqual(accepted.getRemoteAddress(), client.getLocalAddress());
            return PROVED;
        }
    }

    private static String closeWakes(ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener)
            throws Exception {
        Waiting<SocketChannel> accepts = Waiting.onPlatformThread(channel::accept);
        channel.close();
        require(accepts.failure() instanceof AsynchronousCloseException, "closing wakes a thread");
        try (SocketChannel client = kind.connect(listener.address())) {
            throw new AssertionError("still listens: " + client);
        } catch (IOException e) {
            return PROVED;
        }
    }

    private static String adaptor(ServerSocketChannel channel, StreamKind kind, StreamKind.Listener listener)
            throws Exception {
        channel.socket().setSoTimeout(20);
        try {
            channel.socket().accept();
            throw new AssertionError("nobody is there");
        } catch (SocketTimeoutException e) {
            try (SocketChannel client = kind.connect(listener.address());
                    Socket accepted = channel.socket().accept()) {
                requireEqual(accepted.getRemoteSocketAddress(), client.getLocalAddress());
                return PROVED;
            }
        }
    }

    @SuppressWarnings("try") // closing is what it is about
    private static String duplicate(StreamKind kind) throws Exception {
        try (ServerSocketChannel server = kind.open()) {
            var address = server.getLocalAddress();
            try (OwnedFd duplicate = JdkSockets.duplicateOf(server);
                    OwnedFd again = JdkSockets.duplicateOf(server)) {
                requireSame(duplicate, again);
                requireEqual(JdkSockets.localAddress(duplicate).orElseThrow(), address);
                server.close();
                try (ServerSocketChannel channel = JdkSockets.toServerSocketChannel(duplicate)) {
                    return blockingAccept(channel, kind, new StreamKind.Listener(again, address));
                }
            } finally {
                StreamKind.removeFile(address);
            }
        }
    }

    private static String duplicateOfOneMadeHere(
            ServerSocketChannel channel, StreamKind unused, StreamKind.Listener listener) throws Exception {
        try (OwnedFd duplicate = JdkSockets.duplicateOf(channel)) {
            requireEqual(JdkSockets.localAddress(duplicate).orElseThrow(), listener.address());
            return PROVED;
        }
    }
}
