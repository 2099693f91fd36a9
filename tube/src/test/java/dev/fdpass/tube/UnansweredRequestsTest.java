package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks is told, whatever keeps a service from answering; who cannot be told is not kept waiting. */
@Timeout(60)
class UnansweredRequestsTest {
    private static final Duration LONG = Duration.ofSeconds(5);

    /** Larger than any packet. */
    private static final int LARGE = 900_000;

    record Question(String text) {}

    record Reply(String text) {}

    private interface Asks {
        void ask(RequestTube<Question, Reply> tube) throws Exception;
    }

    private static void served(SocketType kind, ReplyTube.Handler<Question, Reply> handler, Asks asks)
            throws Exception {
        SocketPair<? extends ScmSocket> pair = kind.pair();
        try (ReplyTube<Question, Reply> service = ReplyTube.over(pair.second(), Question.class, Reply.class);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> serving = thread.submit((Callable<Void>) () -> {
                service.serve(8, handler);
                return null;
            });
            try (RequestTube<Question, Reply> tube = RequestTube.over(pair.first(), Question.class, Reply.class)) {
                asks.ask(tube);
                assertThat(tube.request(new Question("fine"), LONG)).isEqualTo(new Reply("fine"));
            }
            serving.get(30, TimeUnit.SECONDS);
        }
    }

    private static void failsWith(RequestTube<Question, Reply> tube, String text, String reason) {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> tube.request(new Question(text), LONG))
                .withMessageContaining(reason);
    }

    @Test
    void aReplyThatNoPacketHoldsIsAFailure() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            boolean isLarge = request.message().text().equals("large");
            request.reply(new Reply(isLarge ? "x".repeat(LARGE) : "fine"));
        };
        served(SocketType.SEQPACKET, handler, tube -> failsWith(tube, "large", "EMSGSIZE"));
    }

    @Test
    void afterAReplyThatNoPacketHoldsAnotherCanBeGiven() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> request.reply(new Reply("x".repeat(LARGE))));
            assertThat(request.isAnswered()).isFalse();
            request.reply(new Reply("fine"));
            assertThat(request.isAnswered()).isTrue();
            assertThatIllegalStateException().isThrownBy(() -> request.reply(new Reply("again")));
        };
        served(
                SocketType.SEQPACKET,
                handler,
                tube -> assertThat(tube.request(new Question("large"), LONG)).isEqualTo(new Reply("fine")));
    }

    @Test
    void anErrorInAHandlerIsAFailure() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            switch (request.message().text()) {
                case "assert" -> throw new AssertionError("an error");
                case "overflow" -> throw new StackOverflowError();
                default -> request.reply(new Reply("fine"));
            }
        };
        served(SocketType.STREAM, handler, tube -> {
            failsWith(tube, "assert", "an error");
            failsWith(tube, "overflow", "StackOverflowError");
        });
    }

    @Test
    void anInterruptThatAHandlerLeavesBehindClosesNothing() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            if (request.message().text().equals("interrupt")) {
                Thread.currentThread().interrupt();
                throw new InterruptedException("interrupted");
            }
            request.reply(new Reply("fine"));
        };
        served(SocketType.STREAM, handler, tube -> failsWith(tube, "interrupt", "interrupted"));
    }

    @Test
    void aLongReasonIsCutToWhatAPacketHolds() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            if (request.message().text().equals("long")) {
                throw new IllegalStateException("€".repeat(LARGE));
            }
            request.reply(new Reply("fine"));
        };
        served(
                SocketType.SEQPACKET,
                handler,
                tube -> assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> tube.request(new Question("long"), LONG))
                        .satisfies(e -> assertThat(e.getMessage()).matches("€{1000,}")));
    }

    @Test
    void whoDoesNotReadItsRepliesIsCut() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (FramedChannel deaf = FramedChannel.over(pair.first());
                ReplyTube<Question, Reply> service = ReplyTube.over(pair.second(), Question.class, Reply.class)) {
            service.setSendTimeout(Duration.ofMillis(100));
            for (int id = 1; id <= 3; id++) {
                deaf.send(question(id));
            }
            ReplyTube.Handler<Question, Reply> handler = request -> request.reply(new Reply("x".repeat(LARGE)));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> service.serve(1, handler))
                    .withMessageContaining("sent in part")
                    .withCauseInstanceOf(FrameException.class);
            assertThat(service.isOpen()).isFalse();
        }
    }

    private static ByteBuffer question(long id) {
        byte[] json = "{\"text\":\"x\"}".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(9 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putLong(id)
                .put(json)
                .flip();
    }
}
