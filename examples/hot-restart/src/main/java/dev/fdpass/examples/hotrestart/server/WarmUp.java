package dev.fdpass.examples.hotrestart.server;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.handover.OldServer;
import dev.fdpass.examples.hotrestart.handover.Successor;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Does with a private service, on a private port, all that is done under load: so the JVM has loaded and compiled it before
 * the first client comes.
 */
final class WarmUp {
    private static final int CONNECTIONS = Integer.getInteger("hotrestart.warmUpConnections", 8);
    private static final int REQUESTS = Integer.getInteger("hotrestart.warmUpRequests", 600);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ByteBuffer REQUEST = ByteBuffer.wrap(
                    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
            .asReadOnlyBuffer();

    private WarmUp() {}

    static void run(Variant variant, Site site) throws IOException, InterruptedException {
        try (ServerSocketChannel channel = listen(0);
                OwnedFd listener = JdkSockets.duplicateOf(channel);
                Service first = variant.create(site);
                Service second = variant.create(site)) {
            first.accept(listener);
            SocketChannel[] clients = new SocketChannel[CONNECTIONS];
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    clients[i] = SocketChannel.open(channel.getLocalAddress());
                }
                ask(clients, REQUESTS / CONNECTIONS);
                passOn(first, listener, second);
                ask(clients, 2);
            } finally {
                for (SocketChannel client : clients) {
                    if (client != null) {
                        client.close();
                    }
                }
            }
        }
    }

    /** As to a successor, which is in this process. */
    private static void passOn(Service from, OwnedFd listener, Service to) throws IOException, InterruptedException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            CompletableFuture<OwnedFd> received = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    received.complete(new Successor(to, _ -> {}).takeOver(pair.second(), () -> {}));
                } catch (IOException | InterruptedException | RuntimeException e) {
                    received.completeExceptionally(e);
                }
            });
            new OldServer(from, listener, PATIENCE).giveTo(pair.first());
            received.join().close();
        }
    }

    private static void ask(SocketChannel[] clients, int times) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(512);
        for (int i = 0; i < times; i++) {
            for (SocketChannel client : clients) {
                ByteBuffer request = REQUEST.duplicate();
                while (request.hasRemaining()) {
                    client.write(request);
                }
            }
            for (SocketChannel client : clients) {
                // One packet on the loopback interface; if it were not, the next read gets the rest.
                if (client.read(answer.clear()) < 0) {
                    throw new IOException("the service closes connections while warming up");
                }
            }
        }
    }

    /** A listener on the loopback interface. */
    static ServerSocketChannel listen(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            SocketAddress address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
            return channel.bind(address, 1024);
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }
}
