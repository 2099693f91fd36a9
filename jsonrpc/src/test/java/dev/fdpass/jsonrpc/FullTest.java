package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens when more calls come than are handled. */
@ExtendWith(NothingForgotten.class)
class FullTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonRpcOptions OPTIONS =
            JsonRpcOptions.DEFAULT.maxRunningCalls(2).maxWaitingCalls(3);

    @Test
    void aSenderOfTooManyCallsWaits() throws Exception {
        Semaphore permits = new Semaphore(0);
        Semaphore done = new Semaphore(0);
        Methods methods = Methods.none().on("count", call -> {
            permits.acquire();
            done.release();
            return null;
        });
        SocketPair<UnixStream> sockets = UnixStream.pair();
        try (UnixStream sender = sockets.first();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.second(), methods, OPTIONS);
                OwnedFd file = TestFiles.holding("x")) {
            ByteBuffer note =
                    ByteBuffer.wrap("{\"jsonrpc\": \"2.0\", \"method\": \"count\", \"fds\": 1}".getBytes(UTF_8));
            int sent = 0;
            while (sender.trySend(note.rewind(), file).isPresent()) {
                sent++;
                assertThat(sent).as("sends before one would have to wait").isLessThan(100_000);
            }
            // Those that run and those that wait have one each; the others are in the kernel, and stay there.
            TestFiles.awaitOpen(6);
            TimeUnit.MILLISECONDS.sleep(100);
            assertThat(TestFiles.open()).isEqualTo(6);
            permits.release(sent);
            for (int i = 0; i < sent; i++) {
                assertThat(done.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
            }
            TestFiles.awaitOpen(1);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void aRequestIsRefusedWhereAnAnswerIsAwaited() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch filled = new CountDownLatch(5);
        Methods inner = Methods.none().on("asks", call -> {
            filled.countDown();
            try (Reply reply = call.connection().request(PATIENCE, "wait", null)) {
                return reply.result();
            }
        });
        Methods outer = Methods.none().on("wait", call -> {
            open.await();
            return "waited";
        });
        SocketPair<UnixStream> sockets = UnixStream.pair();
        try (JsonRpcConnection first = JsonRpcConnection.over(sockets.first(), outer);
                JsonRpcConnection second = JsonRpcConnection.over(sockets.second(), inner, OPTIONS);
                OwnedFd file = TestFiles.holding("x")) {
            Workers workers = new Workers();
            for (int i = 0; i < 5; i++) {
                workers.start(() -> {
                    try (Reply reply = first.request(PATIENCE, "asks", null, file)) {
                        assertThat(reply.result().textValue()).isEqualTo("waited");
                    }
                });
            }
            TestFiles.awaitOpen(6); // two run and three wait, each with a descriptor
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> first.request(PATIENCE, "asks", null, file))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(JsonRpcException.TOO_MANY_CALLS));
            first.notify("asks", null, file);
            open.countDown();
            workers.join();
            TestFiles.awaitOpen(1);
            assertThat(filled.getCount()).isZero();
            assertThat(second.isOpen()).isTrue();
        }
    }

    @Test
    void anAnswerThatCannotBeSentBecomesAnError() throws Exception {
        OwnedFd closed = TestFiles.holding("x");
        closed.close();
        Methods methods = Methods.none()
                .on("large", call -> List.of("x".repeat(2_000_000)))
                .on("no JSON", call -> new Object())
                .on(
                        "a descriptor",
                        call -> List.of(call.giveFd(TestFiles.holding("x")).method(), closed))
                .on("closed", call -> call.lendFd(closed).method())
                .on("many", call -> {
                    TestFiles.numbered(254).forEach(call::giveFd);
                    return null;
                })
                .on("in itself", call -> {
                    List<Object> list = new ArrayList<>();
                    list.add(list);
                    return list;
                })
                .on("too much to say", call -> {
                    throw new JsonRpcException(7, "x".repeat(2_000_000));
                })
                .on("error", call -> {
                    throw new AssertionError("an error in the handler");
                })
                .on("interrupted", call -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedException();
                })
                .on("interrupt", call -> {
                    Thread.currentThread().interrupt();
                    return "fine";
                });
        try (Pair pair = Pair.of(methods)) {
            for (String method : List.of(
                    "large",
                    "no JSON",
                    "a descriptor",
                    "closed",
                    "many",
                    "in itself",
                    "too much to say",
                    "error",
                    "interrupted")) {
                assertThatExceptionOfType(JsonRpcException.class)
                        .as(method)
                        .isThrownBy(() -> pair.first().request(PATIENCE, method, null))
                        .satisfies(e -> assertThat(e.code()).isEqualTo(JsonRpcException.INTERNAL_ERROR))
                        .satisfies(e -> assertThat(e.data()).isEmpty());
            }
            try (Reply reply = pair.first().request(PATIENCE, "interrupt", null)) {
                assertThat(reply.result().textValue()).isEqualTo("fine");
            }
            TestFiles.awaitOpen(0);
        }
    }

    @Test
    void anErrorWithTooMuchDataIsToldWithoutIt() throws Exception {
        Methods methods = Methods.none().on("data", call -> {
            throw new JsonRpcException(7, "seven", TextNode.valueOf("x".repeat(2_000_000)));
        });
        try (Pair pair = Pair.of(methods)) {
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> pair.first().request(PATIENCE, "data", null))
                    .withMessage("seven")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(7))
                    .satisfies(e -> assertThat(e.data()).isEmpty());
            // An unknown name as long as a message may be: with the error around it, it would be too long.
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> pair.first().request(PATIENCE, "x".repeat((1 << 20) - 60), null))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(JsonRpcException.METHOD_NOT_FOUND));
            assertThat(pair.second().isOpen()).isTrue();
        }
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.maxRunningCalls(0));
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.maxWaitingCalls(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.maxConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.sendTimeout(Duration.ofNanos(-1)));
        assertThat(OPTIONS.maxRunningCalls(64).maxWaitingCalls(64))
                .isEqualTo(JsonRpcOptions.DEFAULT)
                .hasSameHashCodeAs(JsonRpcOptions.DEFAULT)
                .isNotEqualTo(OPTIONS);
        assertThat(OPTIONS.toString()).contains("2 calls that run and 3 that wait");
    }
}
