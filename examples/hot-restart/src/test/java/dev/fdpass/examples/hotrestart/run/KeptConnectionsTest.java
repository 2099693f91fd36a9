package dev.fdpass.examples.hotrestart.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.waiting.Waiting;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeptConnectionsTest {
    /** For what is to come: nothing is late by chance. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** For what never comes: it has to be waited for. */
    private static final Duration SHORT_LIMIT = Duration.ofSeconds(5);

    private static final int WRONG_ONE = 9; // the last of the third three

    /** What a server can do to an answer. */
    enum Flaw {
        LOST("no whole answer within 5000 ms", SHORT_LIMIT) {
            @Override
            String answer(String right) {
                return "";
            }
        },
        DOUBLED("was answered with", LIMIT) {
            @Override
            String answer(String right) {
                return right + right;
            }
        },
        OF_ANOTHER_REQUEST("was answered with \"request 1 of client 0\"", LIMIT) {
            @Override
            String answer(String right) {
                return EchoServer.ok("request 1 of client 0");
            }
        },
        REDIRECTED("302 Found", LIMIT) {
            @Override
            String answer(String right) {
                return "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
            }
        },
        BROKEN_OFF("no whole answer within 5000 ms", SHORT_LIMIT) {
            @Override
            String answer(String right) {
                return right.substring(0, right.indexOf('\n'));
            }
        },
        CONNECTION_CLOSED("closed after", LIMIT) {
            @Override
            String answer(String right) {
                return null;
            }
        };

        private final String complaint;
        private final Duration limit;

        Flaw(String complaint, Duration limit) {
            this.complaint = complaint;
            this.limit = limit;
        }

        abstract String answer(String right);
    }

    @Test
    void ofRightAnswersNoneIsAFailure() throws Exception {
        try (EchoServer server = new EchoServer((_, body) -> EchoServer.ok(body))) {
            Tally.Counts counts = countUntil(server.port(), 2, LIMIT, () -> server.requests() >= 60);
            assertThat(counts.failures()).as("%s", counts.complaints()).isZero();
            assertThat(counts.requests()).isEqualTo(server.requests()).isGreaterThanOrEqualTo(60);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneWrongAnswerIsNoticedAndTheNextConnectionGoesOn(Flaw flaw) throws Exception {
        try (EchoServer server = new EchoServer(
                (number, body) -> number == WRONG_ONE ? flaw.answer(EchoServer.ok(body)) : EchoServer.ok(body))) {
            Tally.Counts counts = countUntil(server.port(), 1, flaw.limit, () -> server.requests() >= 40);
            assertThat(counts.complaints()).hasSize(1);
            assertThat(counts.complaints().getFirst()).contains(flaw.complaint);
            assertThat(counts.failures()).isBetween(1L, 3L);
        }
    }

    @Test
    void anAnswerThatComesTwiceAtTheVeryEndIsNoticed() throws Exception {
        CountDownLatch isEnding = new CountDownLatch(1);
        EchoServer.Answering lastOneTwice = (number, body) -> {
            String answer = EchoServer.ok(body);
            if (number < 3) {
                return answer;
            }
            awaitUninterruptibly(isEnding);
            return answer + answer;
        };
        try (EchoServer server = new EchoServer(lastOneTwice)) {
            KeptConnections kept = KeptConnections.start(server.port(), 1, LIMIT);
            Waiting.until(() -> server.requests() == 3);
            Thread closing = Thread.ofPlatform().start(kept::close);
            Waiting.until(() -> closing.getState() == Thread.State.WAITING);
            isEnding.countDown();
            closing.join();
            assertThat(kept.tally().requests()).isEqualTo(3);
            assertThat(kept.tally().counts().complaints().toString()).contains("that nobody had asked for");
            assertThat(kept.tally().failures()).isEqualTo(1);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aServerThatGoesSilentFailsAllItsClients() throws Exception {
        try (EchoServer server = new EchoServer((number, body) -> number > 50 ? "" : EchoServer.ok(body))) {
            Tally.Counts counts = countUntil(server.port(), 4, SHORT_LIMIT, () -> server.requests() >= 70);
            assertThat(counts.complaints()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(counts.failures()).isEqualTo(counts.requests() - 50);
        }
    }

    @Test
    void aRefusedConnectionIsAFailure() throws Exception {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
        }
        try (KeptConnections kept = KeptConnections.start(port, 1, LIMIT)) {
            Waiting.until(() -> kept.tally().failures() > 0);
            assertThat(kept.tally().counts().complaints().getFirst()).contains("refused");
        }
    }

    private static Tally.Counts countUntil(int port, int clients, Duration limit, BooleanSupplier isEnough)
            throws Exception {
        KeptConnections kept = KeptConnections.start(port, clients, limit);
        try (kept) {
            Waiting.until(isEnough::getAsBoolean);
        }
        return kept.tally().counts();
    }
}
