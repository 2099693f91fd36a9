package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that does not read keeps nobody longer than he said, and learns when it is over. */
@ExtendWith(NothingForgotten.class)
class DeafPeersTest {
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(40);
    /** More than the kernel takes. */
    private static final List<String> MUCH = List.of("x".repeat(900_000));

    @Test
    void aRequestWaitsForItsTurnNoLongerThanItSaid() throws Exception {
        SocketPair<UnixStream> sockets = UnixStream.pair();
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.sendTimeout(LONG);
        try (UnixStream deaf = sockets.second();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.first(), Methods.none(), options)) {
            CountDownLatch begins = new CountDownLatch(1);
            Workers workers = new Workers();
            workers.start(() -> {
                begins.countDown();
                connection.notify("x", MUCH);
            });
            begins.await();
            // Until the other one is in the middle, this goes into the buffers of the kernel.
            AtomicLong since = new AtomicLong();
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
                while (true) {
                    since.set(System.nanoTime());
                    try {
                        connection.request(MOMENT, "small", null).close();
                    } catch (SocketTimeoutException e) {
                        if (!e.getMessage().startsWith("no answer")) {
                            throw e;
                        }
                    }
                }
            });
            assertThat(Duration.ofNanos(System.nanoTime() - since.get())).isLessThan(LONG.dividedBy(2));
            assertThat(connection.isOpen()).isTrue();

            // Nothing of it has gone: what is sent goes on where it was.
            String all = textOf(deaf, 900_000);
            assertThat(all).startsWith("{\"jsonrpc\":\"2.0\",\"method\":");
            workers.join();
        }
    }

    @Test
    void aRequestOfWhichAPartHasGoneEndsNothing() throws Exception {
        SocketPair<UnixStream> sockets = UnixStream.pair();
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.sendTimeout(LONG);
        try (UnixStream slow = sockets.second();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.first(), Methods.none(), options)) {
            Workers workers = new Workers();
            workers.start(() -> assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> connection.request(MOMENT, "x", MUCH)));
            Thread.sleep(MOMENT.multipliedBy(3));
            assertThat(connection.isOpen()).isTrue();
            assertThat(textOf(slow, 900_000)).contains("\"id\":1}");
            workers.join();
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void theEndIsSeenWhileCallsStillRun() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(1);
        Methods methods = Methods.none().on("wait", call -> {
            runs.countDown();
            open.await();
            return null;
        });
        JsonRpcOptions options =
                JsonRpcOptions.DEFAULT.maxRunningCalls(1).maxWaitingCalls(1).sendTimeout(MOMENT);
        SocketPair<UnixStream> sockets = UnixStream.pair();
        try (UnixStream deaf = sockets.second();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.first(), methods, options);
                OwnedFd file = TestFiles.holding("x")) {
            ByteBuffer note =
                    ByteBuffer.wrap("{\"jsonrpc\": \"2.0\", \"method\": \"wait\", \"fds\": 1}".getBytes(UTF_8));
            deaf.send(note.rewind(), file);
            deaf.send(note.rewind(), file);
            runs.await();
            TestFiles.awaitOpen(3); // one call runs and one waits, and nothing more is received
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> connection.notify("x", MUCH));

            TestFiles.awaitOpen(2); // the one that waited is dropped
            deaf.setReceiveTimeout(LONG.dividedBy(4));
            while (true) {
                try (Received received = deaf.receive(1 << 16, 1)) {
                    if (received.isEndOfStream()) {
                        break;
                    }
                }
            }
            assertThat(connection.awaitEnd(Duration.ZERO)).as("a handler runs").isFalse();
            open.countDown();
            Pair.awaitEnd(connection);
            assertThat(connection.awaitEnd(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        }
    }

    @Test
    void whoSendsNonsenseAndReadsNoRefusalIsHeldUpAndCut() throws Exception {
        // Long enough for this thread to have sent the least of them, if it has to wait for a processor, too.
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.sendTimeout(Duration.ofSeconds(5));
        SocketPair<UnixStream> sockets = UnixStream.pair();
        try (UnixStream deaf = sockets.second();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.first(), Methods.none(), options);
                OwnedFd file = TestFiles.holding("x")) {
            ByteBuffer nonsense = ByteBuffer.wrap("{\"fds\": 1}".getBytes(UTF_8));
            deaf.setSendTimeout(LONG);
            int sent = 0;
            try {
                while (sent < 1_000_000) {
                    deaf.send(nonsense.rewind(), file);
                    sent++;
                }
            } catch (IOException e) {
                assertThat(e).isNotInstanceOf(SocketTimeoutException.class); // EPIPE, or ECONNRESET
            }
            // What the kernel and a MiB of refusals hold, and no more.
            assertThat(sent).isBetween(1000, 100_000);
            Pair.awaitEnd(connection);
            assertThat(connection.failure().orElseThrow()).hasCauseInstanceOf(SocketTimeoutException.class);
            TestFiles.awaitOpen(1);
        }
    }

    /** What comes, until there is so much of it and an object ends. */
    private static String textOf(UnixStream peer, int least) throws IOException {
        peer.setReceiveTimeout(LONG);
        StringBuilder text = new StringBuilder();
        while (text.length() < least || text.charAt(text.length() - 1) != '}') {
            try (Received received = peer.receive(1 << 16, 1)) {
                assertThat(received.isEndOfStream()).isFalse();
                text.append(UTF_8.decode(received.data()));
            }
        }
        return text.toString();
    }
}
