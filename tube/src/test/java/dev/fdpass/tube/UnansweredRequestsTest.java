package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Who asks is told, whatever keeps a service from answering; who cannot be told is not kept waiting. */
class UnansweredRequestsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String INTERNAL = "the service has failed; its log says why";

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
                assertThat(tube.request(LONG, new Question("fine"))).isEqualTo(new Reply("fine"));
            }
            serving.get(60, TimeUnit.SECONDS);
        }
    }

    private static void failsWith(RequestTube<Question, Reply> tube, String text, String reason) {
        assertThatExceptionOfType(RequestFailedException.class)
                .isThrownBy(() -> tube.request(LONG, new Question(text)))
                .withMessageContaining(reason);
    }

    @Test
    void aReplyThatNoPacketHoldsIsAFailure() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            boolean isLarge = request.message().text().equals("large");
            request.reply(new Reply(isLarge ? "x".repeat(LARGE) : "fine"));
        };
        served(SocketType.SEQPACKET, handler, tube -> failsWith(tube, "large", INTERNAL));
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
                tube -> assertThat(tube.request(LONG, new Question("large"))).isEqualTo(new Reply("fine")));
    }

    @Test
    void whoAskedIsToldWhatIsMeantForHimAndTheLogTheRest() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            switch (request.message().text()) {
                case "refused" -> throw new RequestFailedException("not before noon");
                case "failed" -> throw new IOException("/etc/secret is not there");
                default -> request.reply(new Reply("fine"));
            }
        };
        try (Logged logged = new Logged()) {
            served(SocketType.STREAM, handler, tube -> {
                failsWith(tube, "refused", "not before noon");
                assertThat(logged.records).isEmpty();
                failsWith(tube, "failed", INTERNAL);
            });
            assertThat(logged.records).singleElement().satisfies(log -> {
                assertThat(log.getLevel()).isEqualTo(Level.WARNING);
                assertThat(log.getThrown()).hasMessage("/etc/secret is not there");
            });
        }
    }

    /** What tubes log meanwhile. */
    private static final class Logged extends Handler implements AutoCloseable {
        private static final Logger LOGGER = Logger.getLogger("dev.fdpass.tube");

        final List<LogRecord> records = new CopyOnWriteArrayList<>();

        Logged() {
            LOGGER.addHandler(this);
        }

        @Override
        public void publish(LogRecord log) {
            records.add(log);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOGGER.removeHandler(this);
        }
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
            failsWith(tube, "assert", INTERNAL);
            failsWith(tube, "overflow", INTERNAL);
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
        served(SocketType.STREAM, handler, tube -> failsWith(tube, "interrupt", INTERNAL));
    }

    @Test
    void aLongReasonIsCutToWhatAPacketHolds() throws Exception {
        ReplyTube.Handler<Question, Reply> handler = request -> {
            if (request.message().text().equals("long")) {
                throw new RequestFailedException("€".repeat(LARGE));
            }
            request.reply(new Reply("fine"));
        };
        served(
                SocketType.SEQPACKET,
                handler,
                tube -> assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> tube.request(LONG, new Question("long")))
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

    @Test
    void limitsThatNoRequestFitsAreRefusedAtOnce() throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(8);
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            ReplyTube.over(pair.first(), Question.class, Reply.class, limits, JacksonCodec.json()))
                    .withMessageContaining("at most 8 bytes; a request or a reply begins with 9");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            RequestTube.over(pair.second(), Question.class, Reply.class, limits, JacksonCodec.json()));
            assertThat(pair.first().isOpen()).isTrue();
        }
    }
}
