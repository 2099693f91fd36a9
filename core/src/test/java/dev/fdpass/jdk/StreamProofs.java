package dev.fdpass.jdk;

import static dev.fdpass.jdk.Proofs.PROVED;
import static dev.fdpass.jdk.Proofs.bytes;
import static dev.fdpass.jdk.Proofs.require;
import static dev.fdpass.jdk.Proofs.requireEqual;
import static dev.fdpass.jdk.Proofs.requireSame;
import static dev.fdpass.jdk.Proofs.text;

import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.Proofs.Proof;
import dev.fdpass.jdk.Proofs.Subject;
import dev.fdpass.jdk.Proofs.Waiting;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.FileConstants;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** What is proved of a connected {@link SocketChannel}. */
final class StreamProofs {
    /** What is done with a channel made of one end of a connection. */
    private interface Use {
        String of(SocketChannel channel, SocketChannel peer, StreamKind.Connection connection) throws Exception;
    }

    private StreamProofs() {}

    static void addTo(Map<Subject, Map<String, Proof>> all) {
        for (StreamKind kind : StreamKind.values()) {
            Map<String, Proof> to = new LinkedHashMap<>();
            to.put("same open file", () -> isTheSame(kind));
            to.put("status flags untouched", () -> flagsStay(kind));
            to.put("blocking read", () -> with(kind, StreamProofs::blockingRead));
            to.put("selector", () -> with(kind, StreamProofs::selector));
            to.put("virtual threads", () -> with(kind, StreamProofs::virtualThreads));
            to.put("made in a virtual thread", () -> madeInVirtualThread(kind));
            to.put("half-close", () -> with(kind, StreamProofs::halfClose));
            to.put("close wakes", () -> with(kind, StreamProofs::closeWakes));
            to.put("getLocalAddress", () -> with(kind, (c, p, e) -> address(c.getLocalAddress(), e.local())));
            to.put("getRemoteAddress", () -> with(kind, (c, p, e) -> address(c.getRemoteAddress(), e.remote())));
            if (kind.isTcp()) {
                to.put("socket()", () -> with(kind, StreamProofs::adaptor));
            }
            all.put(new Subject("SocketChannel, " + kind, "to"), to);

            Map<String, Proof> from = new LinkedHashMap<>();
            from.put("same open file", () -> duplicate(kind));
            from.put("of one made here", () -> with(kind, (c, p, e) -> sendsOverDuplicate(c, p)));
            all.put(new Subject("SocketChannel, " + kind, "from"), from);
        }
    }

    private static String with(StreamKind kind, Use use) throws Exception {
        try (var connection = kind.connection();
                SocketChannel channel = JdkSockets.toSocketChannel(connection.fd())) {
            require(!connection.fd().isOpen(), "the descriptor was taken");
            return use.of(channel, connection.peer(), connection);
        }
    }

    private static String isTheSame(StreamKind kind) throws Exception {
        try (var connection = kind.connection();
                OwnedFd kept = connection.fd().duplicate();
                SocketChannel channel = JdkSockets.toSocketChannel(connection.fd());
                OwnedFd again = JdkSockets.duplicateOf(channel)) {
            requireSame(again, kept);
            requireEqual(JdkSockets.localAddress(again).orElseThrow(), connection.local());
            requireEqual(JdkSockets.remoteAddress(again).orElseThrow(), connection.remote());
            return PROVED;
        }
    }

    private static String flagsStay(StreamKind kind) throws Exception {
        for (boolean blocking : new boolean[] {true, false}) {
            try (var connection = kind.connection(blocking);
                    OwnedFd kept = connection.fd().duplicate()) {
                long before = Descriptors.getStatusFlags(kept.number());
                requireEqual((before & FileConstants.O_NONBLOCK) == 0, blocking);
                try (SocketChannel channel = JdkSockets.toSocketChannel(connection.fd())) {
                    requireEqual(Descriptors.getStatusFlags(kept.number()), before);
                    blockingRead(channel, connection.peer(), connection);
                    requireEqual(Descriptors.getStatusFlags(kept.number()), before);
                }
            }
        }
        return PROVED;
    }

    private static String blockingRead(SocketChannel channel, SocketChannel peer, StreamKind.Connection unused)
            throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Waiting<Integer> reads = Waiting.onPlatformThread(() -> channel.read(buffer));
        peer.write(bytes("hello"));
        requireEqual(reads.get(), 5);
        requireEqual(text(buffer), "hello");
        channel.write(bytes("back"));
        requireEqual(peer.read(buffer), 4);
        return PROVED;
    }

    private static String selector(SocketChannel channel, SocketChannel peer, StreamKind.Connection unused)
            throws Exception {
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            requireEqual(selector.selectNow(), 0);
            Waiting<Integer> selects = Waiting.onPlatformThread(selector::select);
            peer.write(bytes("hello"));
            requireEqual(selects.get(), 1);
            requireEqual(channel.read(ByteBuffer.allocate(10)), 5);
            requireEqual(channel.read(ByteBuffer.allocate(10)), 0);
        }
        return PROVED;
    }

    private static String virtualThreads(SocketChannel channel, SocketChannel peer, StreamKind.Connection unused)
            throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Waiting<Integer> reads = Waiting.on(Thread.ofVirtual(), () -> channel.read(buffer));
        peer.write(bytes("hello"));
        requireEqual(reads.get(), 5);
        Waiting<Integer> again = Waiting.on(Thread.ofVirtual(), () -> channel.read(buffer));
        channel.close();
        require(again.failure() instanceof AsynchronousCloseException, "closing wakes a virtual thread");
        return PROVED;
    }

    /** As many as there are carriers wait in such channels, and others run. */
    private static String madeInVirtualThread(StreamKind kind) throws Exception {
        try (var connection = kind.connection()) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            Waiting<Integer> reads = Waiting.on(Thread.ofVirtual(), () -> {
                try (SocketChannel channel = JdkSockets.toSocketChannel(connection.fd())) {
                    return channel.read(buffer);
                }
            });
            connection.peer().write(bytes("hello"));
            requireEqual(reads.get(), 5);
        }
        try (var connection = kind.connection()) {
            SocketChannel made = inVirtualThread(() -> JdkSockets.toSocketChannel(connection.fd()));
            try (made) {
                // What the JDK takes to be non-blocking already, it would not make so.
                return selector(made, connection.peer(), connection);
            }
        }
    }

    static <T> T inVirtualThread(Callable<T> callable) throws Exception {
        var task = new FutureTask<>(callable);
        Thread.startVirtualThread(task);
        return task.get();
    }

    private static String halfClose(SocketChannel channel, SocketChannel peer, StreamKind.Connection unused)
            throws Exception {
        channel.write(bytes("last"));
        channel.shutdownOutput();
        requireEqual(peer.read(ByteBuffer.allocate(10)), 4);
        requireEqual(peer.read(ByteBuffer.allocate(10)), -1);
        peer.write(bytes("reply"));
        peer.shutdownOutput();
        requireEqual(channel.read(ByteBuffer.allocate(10)), 5);
        requireEqual(channel.read(ByteBuffer.allocate(10)), -1);
        return PROVED;
    }

    private static String closeWakes(SocketChannel channel, SocketChannel peer, StreamKind.Connection unused)
            throws Exception {
        Waiting<Integer> reads = Waiting.onPlatformThread(() -> channel.read(ByteBuffer.allocate(10)));
        channel.close();
        require(reads.failure() instanceof AsynchronousCloseException, "closing wakes a thread");
        requireEqual(peer.read(ByteBuffer.allocate(10)), -1);
        return PROVED;
    }

    private static String adaptor(SocketChannel channel, SocketChannel peer, StreamKind.Connection connection)
            throws Exception {
        peer.write(bytes("hello"));
        requireEqual(channel.socket().getInputStream().read(new byte[10]), 5);
        channel.socket().setSoTimeout(20);
        try {
            channel.socket().getInputStream().read();
            throw new AssertionError("nothing is there to read");
        } catch (SocketTimeoutException e) {
            requireEqual(channel.socket().getRemoteSocketAddress(), connection.remote());
            return PROVED;
        }
    }

    /** Whether an address is the true one, in words. */
    static String address(SocketAddress actual, SocketAddress expected) {
        if (actual.equals(expected)) {
            return "true";
        }
        require(!Proofs.hasFlags(), actual + " with flags is " + expected);
        return actual.equals(UnixDomainSocketAddress.of("")) ? "unnamed" : "a placeholder's";
    }

    private static String duplicate(StreamKind kind) throws Exception {
        try (var server = kind.open();
                SocketChannel client = kind.connect(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            StreamKind.removeFile(server.getLocalAddress());
            for (SocketChannel[] ends : new SocketChannel[][] {{client, accepted}, {accepted, client}}) {
                sendsOverDuplicate(ends[0], ends[1]);
                ends[0].configureBlocking(false);
                sendsOverDuplicate(ends[0], ends[1]);
            }
            return PROVED;
        }
    }

    private static String sendsOverDuplicate(SocketChannel channel, SocketChannel peer) throws Exception {
        peer.configureBlocking(true);
        try (OwnedFd duplicate = JdkSockets.duplicateOf(channel);
                OwnedFd again = JdkSockets.duplicateOf(channel)) {
            requireSame(duplicate, again);
            try (SocketChannel same = JdkSockets.toSocketChannel(duplicate)) {
                same.write(bytes("hello"));
            }
            requireEqual(peer.read(ByteBuffer.allocate(10)), 5);
        }
        channel.write(bytes("still"));
        requireEqual(peer.read(ByteBuffer.allocate(10)), 5);
        return PROVED;
    }
}
