package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.waiting.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The option by which a channel is found has its value back, and what was accepted meanwhile has one that is as good. */
class MarksAreUndoneTest {
    private static final int THREADS = 4;
    private static final int DUPLICATES = 100;
    private static final int CONNECTIONS = 300;
    private static final int MOST_SECONDS_MORE = 64;
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    @Test
    void ofUdpWhileSeveralThreadsDuplicate() throws Exception {
        try (DatagramChannel channel = DatagramChannel.open().bind(ANY_PORT)) {
            staysWhileDuplicated(channel, StandardSocketOptions.SO_SNDBUF, () -> JdkSockets.duplicateOf(channel));
        }
    }

    @Test
    void ofUnixWhileSeveralThreadsDuplicate() throws Exception {
        try (var connection = StreamKind.UNIX.connection()) {
            SocketChannel channel = connection.peer();
            staysWhileDuplicated(channel, StandardSocketOptions.SO_RCVBUF, () -> JdkSockets.duplicateOf(channel));
        }
    }

    private static void staysWhileDuplicated(
            NetworkChannel channel, SocketOption<Integer> option, Callable<OwnedFd> duplicating) throws Exception {
        int before = channel.getOption(option);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    for (int j = 0; j < DUPLICATES; j++) {
                        duplicating.call().close();
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(channel.getOption(option)).isEqualTo(before);
    }

    /** A second listener of the same address makes a mark necessary. */
    @Test
    void andConnectionsThatAreAcceptedMeanwhileKeepNoOtherTimes() throws Exception {
        try (ServerSocketChannel marked = listener(ANY_PORT);
                ServerSocketChannel other = listener((InetSocketAddress) marked.getLocalAddress())) {
            SocketOption<Integer> interval = interval(marked);
            int before = marked.getOption(interval);
            List<SocketChannel> clients = new ArrayList<>();
            List<SocketChannel> accepted = new ArrayList<>();
            try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
                Future<?> connects = threads.submit(() -> {
                    for (int i = 0; i < CONNECTIONS; i++) {
                        clients.add(SocketChannel.open(marked.getLocalAddress()));
                    }
                    return null;
                });
                while (!connects.isDone()) {
                    JdkSockets.duplicateOf(marked).close();
                }
                connects.get();
                for (ServerSocketChannel each : List.of(marked, other)) {
                    each.configureBlocking(false);
                }
                // Who connects may be told before the listener is.
                Waiting.soon(() -> {
                    for (ServerSocketChannel each : List.of(marked, other)) {
                        for (SocketChannel one = each.accept(); one != null; one = each.accept()) {
                            accepted.add(one);
                        }
                    }
                    return accepted.size() >= CONNECTIONS;
                });
                assertThat(accepted)
                        .hasSize(CONNECTIONS)
                        .allSatisfy(one ->
                                assertThat(one.getOption(interval)).isBetween(before, before + MOST_SECONDS_MORE));
                assertThat(marked.getOption(interval)).isEqualTo(before);
            } finally {
                for (SocketChannel each : clients) {
                    each.close();
                }
                for (SocketChannel each : accepted) {
                    each.close();
                }
            }
        }
    }

    private static ServerSocketChannel listener(InetSocketAddress address) throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        return channel.bind(address, 2 * CONNECTIONS);
    }

    @SuppressWarnings("unchecked") // of that name is one, of type Integer
    private static SocketOption<Integer> interval(NetworkChannel channel) {
        return (SocketOption<Integer>) channel.supportedOptions().stream()
                .filter(option -> option.name().equals("TCP_KEEPINTERVAL"))
                .findFirst()
                .orElseThrow();
    }
}
