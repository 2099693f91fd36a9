package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads of both ends ask, tell, are interrupted and lose patience while one end closes, ends its sending, or says what is no
 * JSON: everyone gets an answer or an exception, and no descriptor is left.
 */
@ExtendWith(NothingForgotten.class)
class EndAtAnyMomentTest {
    /** More with {@code -Djsonrpc.rounds}. */
    private static final int ROUNDS = Integer.getInteger("jsonrpc.rounds", 15);

    /** Where threads get so little time that nobody is answered in a round before its end comes, there are more. */
    private static final int MOST_ROUNDS = 100 * ROUNDS;

    private static final int THREADS = 6;
    private static final JsonRpcOptions OPTIONS =
            JsonRpcOptions.DEFAULT.maxRunningCalls(3).maxWaitingCalls(2).sendTimeout(Duration.ofSeconds(10));

    private static Methods methods() {
        return Methods.none()
                .on("give back", call -> {
                    List<OwnedFd> fds = call.takeFds();
                    fds.forEach(call::giveFd);
                    return call.params();
                })
                .on("forget", Call::fdCount)
                .on("ask back", call -> {
                    try (Reply reply = call.connection().request(Duration.ofSeconds(5), "forget", null)) {
                        return reply.result();
                    }
                })
                .on("tell back", call -> {
                    try (OwnedFd file = TestFiles.holding("told")) {
                        call.connection().notify("forget", null, file, file);
                    }
                    call.giveFd(TestFiles.holding("given"));
                    return null;
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "end of sending", "no JSON", "interrupts"})
    @SuppressWarnings("try") // closes in the middle
    void everyoneIsAnsweredOrToldAndNothingIsLeft(String end) throws Exception {
        AtomicInteger answers = new AtomicInteger();
        for (int round = 0; round < ROUNDS || (answers.get() == 0 && round < MOST_ROUNDS); round++) {
            Random random = new Random(round);
            SocketPair<UnixStream> sockets = UnixStream.pair();
            UnixStream raw = UnixStream.adopt(sockets.first().asFd().duplicate());
            try (JsonRpcConnection first = JsonRpcConnection.over(sockets.first(), methods(), OPTIONS);
                    JsonRpcConnection second = JsonRpcConnection.over(sockets.second(), methods(), OPTIONS)) {
                Workers workers = new Workers();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    JsonRpcConnection connection = i % 2 == 0 ? first : second;
                    long seed = random.nextLong();
                    threads.add(workers.start(() -> ask(connection, new Random(seed), answers)));
                }
                LockSupport.parkNanos(random.nextInt(30_000_000));
                threads.get(random.nextInt(THREADS)).interrupt();
                LockSupport.parkNanos(random.nextInt(5_000_000));
                try (raw) {
                    switch (end) {
                        case "close" -> (random.nextBoolean() ? first : second).close();
                        case "end of sending" -> raw.shutdownOutput();
                        case "no JSON" -> sayNoJson(raw);
                        default -> threads.forEach(Thread::interrupt);
                    }
                }
                if (end.equals("interrupts")) {
                    first.close(); // no thread may have been sending
                }
                workers.join();
                Pair.awaitEnd(first);
                Pair.awaitEnd(second);
            }
            TestFiles.awaitOpen(0);
        }
        assertThat(answers.get()).isPositive();
    }

    private static void sayNoJson(UnixStream raw) {
        try {
            raw.send(ByteBuffer.allocate(1)); // a NUL is wrong anywhere
        } catch (IOException e) {
            // It has ended: the interrupted thread was sending.
        }
    }

    private static void ask(JsonRpcConnection connection, Random random, AtomicInteger answers) throws IOException {
        String large = "x".repeat(100_000);
        while (connection.isOpen()) {
            try (OwnedFd file = TestFiles.holding("x")) {
                Object params = random.nextInt(4) == 0 ? List.of(large) : Map.of("a", 1);
                Duration timeout =
                        Duration.ofNanos(1 + random.nextInt(random.nextBoolean() ? 1_000_000 : 2_000_000_000));
                switch (random.nextInt(5)) {
                    case 0 -> connection.notify("forget", params, file);
                    case 1 ->
                        connection.request(timeout, "ask back", params, file).close();
                    case 2 ->
                        connection
                                .request(timeout, "tell back", null, file, file)
                                .close();
                    default -> {
                        try (Reply reply = connection.request(timeout, "give back", params, file, file)) {
                            assertThat(reply.fdCount()).isEqualTo(2);
                            assertThat(TestFiles.takeText(reply.takeFd(1))).isEqualTo("x");
                            answers.incrementAndGet();
                        }
                    }
                }
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    return;
                }
                // With one processor, who fails at once and never parks would keep others from finding the end.
                LockSupport.parkNanos(10_000);
            }
        }
    }
}
