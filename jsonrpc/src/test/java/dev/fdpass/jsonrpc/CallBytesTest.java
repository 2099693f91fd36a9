package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many bytes the calls of a peer may have that are handled or wait. */
@ExtendWith(NothingForgotten.class)
class CallBytesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonRpcOptions OPTIONS = JsonRpcOptions.DEFAULT.maxCallBytes(10_000);

    /** A notification with a descriptor that has so many bytes. */
    private static ByteBuffer note(int bytes) {
        String text = "{\"jsonrpc\": \"2.0\", \"method\": \"count\", \"fds\": 1, \"params\": [\"\"]}";
        byte[] all =
                text.replace("[\"", "[\"" + "x".repeat(bytes - text.length())).getBytes(UTF_8);
        assertThat(all).hasSize(bytes);
        return ByteBuffer.wrap(all);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1, 10", "4000, 1, 3", "4000, 64, 3", "10000, 1, 1", "30000, 1, 1", "30000, 64, 1"})
    @DisplayName("R21: who has sent so many waits; the last one may go beyond, and so one that is larger is handled")
    void aSenderOfTooManyBytesWaits(int bytes, int running, int received) throws Exception {
        Semaphore permits = new Semaphore(0);
        Semaphore done = new Semaphore(0);
        Methods methods = Methods.none().on("count", call -> {
            permits.acquire();
            done.release();
            return null;
        });
        SocketPair<UnixStream> sockets = UnixStream.pair();
        try (UnixStream sender = sockets.first();
                JsonRpcConnection connection =
                        JsonRpcConnection.over(sockets.second(), methods, OPTIONS.maxRunningCalls(running));
                OwnedFd file = TestFiles.holding("x")) {
            Workers workers = new Workers();
            int sent = received + 5;
            workers.start(() -> {
                for (int i = 0; i < sent; i++) {
                    ByteBuffer note = note(bytes);
                    sender.send(note, file);
                    while (note.hasRemaining()) {
                        sender.send(note);
                    }
                }
            });
            // Each has a descriptor; that of the next one may have come with the end of the last one.
            Waiting.soon(() -> TestFiles.open() > received);
            TimeUnit.MILLISECONDS.sleep(100);
            assertThat(TestFiles.open()).isBetween(1 + received, 2 + received);
            permits.release(sent);
            for (int i = 0; i < sent; i++) {
                assertThat(done.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
            }
            workers.join();
            TestFiles.awaitOpen(1);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void aRequestBeyondThemIsRefusedWhereAnAnswerIsAwaited() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        List<String> large = List.of("x".repeat(6000));
        Methods inner = Methods.none().on("asks", call -> {
            try (Reply reply = call.connection().request(PATIENCE, "wait", null)) {
                return reply.result();
            }
        });
        Semaphore waiting = new Semaphore(0);
        Methods outer = Methods.none().on("wait", call -> {
            waiting.release();
            open.await();
            return "waited";
        });
        SocketPair<UnixStream> sockets = UnixStream.pair();
        try (JsonRpcConnection first = JsonRpcConnection.over(sockets.first(), outer);
                JsonRpcConnection second = JsonRpcConnection.over(sockets.second(), inner, OPTIONS)) {
            Workers workers = new Workers();
            for (int i = 0; i < 2; i++) {
                workers.start(() -> {
                    try (Reply reply = first.request(PATIENCE, "asks", large)) {
                        assertThat(reply.result().textValue()).isEqualTo("waited");
                    }
                });
            }
            assertThat(waiting.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> first.request(PATIENCE, "asks", large))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(JsonRpcException.TOO_MANY_CALLS));
            open.countDown();
            workers.join();
            // A call is over a moment after its answer: until then another one may be refused as well.
            Waiting.until("a request that is answered", () -> isAnswered(first, large));
            assertThat(second.isOpen()).isTrue();
        }
    }

    private static boolean isAnswered(JsonRpcConnection connection, List<String> params) throws IOException {
        try (Reply reply = connection.request(PATIENCE, "asks", params)) {
            return reply.result().textValue().equals("waited");
        } catch (JsonRpcException e) {
            assertThat(e.code()).isEqualTo(JsonRpcException.TOO_MANY_CALLS);
            return false;
        }
    }

    @Test
    void theyAreAnOption() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.maxCallBytes(0))
                .withMessage("at most 0 bytes of calls; give 1 or more");
        assertThat(OPTIONS.maxCallBytes()).isEqualTo(10_000);
        assertThat(OPTIONS).isNotEqualTo(JsonRpcOptions.DEFAULT);
        assertThat(OPTIONS.toString()).contains("with 10000 bytes");
        assertThat(OPTIONS.sendTimeout(PATIENCE)
                        .maxConnections(3)
                        .maxRunningCalls(3)
                        .maxWaitingCalls(3)
                        .maxCallBytes())
                .isEqualTo(10_000);
    }
}
