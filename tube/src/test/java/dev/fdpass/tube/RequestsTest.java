package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each request gets its own reply, in whatever order they come, or says why not. */
@SuppressWarnings("try") // closes in the middle, and waits when it closes
class RequestsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(50);

    /** Both ends, and a thread that serves. */
    private record Served(
            RequestTube<ToWorker, FromWorker> tube,
            ReplyTube<ToWorker, FromWorker> service,
            Future<?> serving,
            ExecutorService thread)
            implements AutoCloseable {
        static Served by(SocketType kind, ReplyTube.Handler<ToWorker, FromWorker> handler) throws IOException {
            SocketPair<? extends ScmSocket> pair = kind.pair();
            ReplyTube<ToWorker, FromWorker> service = ReplyTube.over(pair.second(), ToWorker.class, FromWorker.class);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<?> serving = thread.submit((Callable<Void>) () -> {
                service.serve(8, handler);
                return null;
            });
            return new Served(
                    RequestTube.over(pair.first(), ToWorker.class, FromWorker.class), service, serving, thread);
        }

        @Override
        public void close() throws Exception {
            tube.close();
            try (thread;
                    service) {
                serving.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                // R17: replies that came too late were not read any more when the other end closed.
                if (!(e.getCause() instanceof ErrnoException reset)
                        || !reset.name().equals("ECONNRESET")) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static void answer(Request<ToWorker, FromWorker> request) throws Exception {
        switch (request.message()) {
            case ToWorker.Open open -> {
                try (OwnedFd file = open.file()) {
                    assertThat(TestFiles.text(file)).isEqualTo(open.name());
                    request.reply(new FromWorker.Opened(List.of(file, file)));
                }
            }
            case ToWorker.Count count -> {
                LockSupport.parkNanos(count.number() % 7 * 100_000L);
                request.reply(new FromWorker.Pong(count.number()));
            }
            case ToWorker.Ping ping -> throw new RequestFailedException("no pong today");
            case ToWorker.Mode mode -> {}
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void aRequestWithADescriptorGetsAReplyWithTwo(SocketType kind) throws Exception {
        try (Served served = Served.by(kind, RequestsTest::answer);
                OwnedFd file = TestFiles.holding("log")) {
            FromWorker.Opened opened =
                    (FromWorker.Opened) served.tube().request(LONG, new ToWorker.Open("log", file, Map.of()));
            assertThat(opened.files()).hasSize(2).extracting(TestFiles::text).containsOnly("log");
            Descriptors.closeAll(opened);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void manyVirtualAndPlatformThreadsAskAtOnce(SocketType kind) throws Exception {
        try (Served served = Served.by(kind, RequestsTest::answer)) {
            Workers askers = new Workers();
            for (int i = 0; i < 64; i++) {
                int first = i * 1000;
                askers.start(i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform(), () -> {
                    for (int k = first; k < first + 25; k++) {
                        assertThat(served.tube().request(LONG, new ToWorker.Count(k)))
                                .isEqualTo(new FromWorker.Pong(k));
                        try (OwnedFd file = TestFiles.holding("file " + k)) {
                            FromWorker.Opened opened = (FromWorker.Opened)
                                    served.tube().request(LONG, new ToWorker.Open("file " + k, file, Map.of()));
                            assertThat(opened.files())
                                    .extracting(TestFiles::text)
                                    .containsOnly("file " + k);
                            Descriptors.closeAll(opened);
                        }
                    }
                });
            }
            askers.join();
        }
    }

    @Test
    void aFailureIsAnExceptionForWhoAsked() throws Exception {
        try (Served served = Served.by(SocketType.SEQPACKET, RequestsTest::answer)) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> served.tube().request(LONG, new ToWorker.Ping()))
                    .withMessage("no pong today");
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> served.tube().request(LONG, ToWorker.Mode.FAST))
                    .withMessage("the request was not answered");
            assertThat(served.tube().request(LONG, new ToWorker.Count(1))).isEqualTo(new FromWorker.Pong(1));
        }
    }

    @Test
    void aRequestThatCannotBeDecodedIsAnsweredWithAFailure() throws Exception {
        sealedService(FromWorker.class, tube -> {
            try (OwnedFd file = TestFiles.holding("x")) {
                assertThatExceptionOfType(RequestFailedException.class)
                        .isThrownBy(() -> tube.request(LONG, new FromWorker.Opened(List.of(file))))
                        .withMessage("\"Opened\" is unknown; known are [Open, Ping, Count, Mode]");
            }
        });
    }

    private interface Asks<Q> {
        void ask(RequestTube<Q, FromWorker> tube) throws Exception;
    }

    private static <Q> void sealedService(Class<Q> asked, Asks<Q> asks) throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (ReplyTube<ToWorker, FromWorker> service = ReplyTube.over(pair.second(), ToWorker.class, FromWorker.class);
                ExecutorService thread = Executors.newSingleThreadExecutor();
                RequestTube<Q, FromWorker> tube = RequestTube.over(pair.first(), asked, FromWorker.class)) {
            Future<?> serving = thread.submit((Callable<Void>) () -> {
                service.serve(1, RequestsTest::answer);
                return null;
            });
            asks.ask(tube);
            tube.close();
            serving.get();
        }
    }

    @Test
    void repliesMayComeInAnyOrder() throws Exception {
        SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                ReplyTube<ToWorker, FromWorker> service =
                        ReplyTube.over(pair.second(), ToWorker.class, FromWorker.class);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<FromWorker>> replies = new ArrayList<>();
            List<Request<ToWorker, FromWorker>> requests = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int number = i;
                replies.add(threads.submit(() -> tube.request(LONG, new ToWorker.Count(number))));
                requests.add(service.receive());
            }
            for (Request<ToWorker, FromWorker> request : requests.reversed()) {
                request.reply(new FromWorker.Pong(((ToWorker.Count) request.message()).number()));
                assertThatThrownBy(() -> request.reply(new FromWorker.Pong(0)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the request is answered already");
            }
            for (int i = 0; i < 10; i++) {
                assertThat(replies.get(i).get()).isEqualTo(new FromWorker.Pong(i));
            }
        }
    }

    @Test
    void aReplyThatComesTooLateIsClosed() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                ReplyTube<ToWorker, FromWorker> service =
                        ReplyTube.over(pair.second(), ToWorker.class, FromWorker.class);
                OwnedFd file = TestFiles.holding("late");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> tube.request(SHORT, new ToWorker.Ping()))
                    .withMessage("no reply within PT0.05S");
            Request<ToWorker, FromWorker> late = service.receive();
            Future<FromWorker> next = threads.submit(() -> tube.request(LONG, new ToWorker.Count(2)));
            Request<ToWorker, FromWorker> request = service.receive();
            int before = TestFiles.open();
            late.reply(new FromWorker.Opened(List.of(file, file, file)));
            request.reply(new FromWorker.Pong(2));
            assertThat(next.get()).isEqualTo(new FromWorker.Pong(2));
            TestFiles.awaitOpen(before);
        }
    }

    @Test
    void repliesRaceWithTimeoutsAndNothingIsLost() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger tooLate = new AtomicInteger();
        ReplyTube.Handler<ToWorker, FromWorker> handler = request -> {
            try (OwnedFd file = TestFiles.holding("racing")) {
                LockSupport.parkNanos(((ToWorker.Count) request.message()).number() * 1000L);
                request.reply(new FromWorker.Opened(List.of(file)));
            }
        };
        try (Served served = Served.by(SocketType.SEQPACKET, handler)) {
            Workers askers = new Workers();
            for (int t = 0; t < 8; t++) {
                askers.start(() -> {
                    for (int i = 0; i < 150; i++) {
                        try {
                            Descriptors.closeAll(
                                    served.tube().request(Duration.ofMillis(1 + i % 4), new ToWorker.Count(500)));
                            answered.incrementAndGet();
                        } catch (SocketTimeoutException e) {
                            tooLate.incrementAndGet();
                        }
                    }
                });
            }
            askers.join();
        }
        assertThat(answered.get() + tooLate.get()).isEqualTo(8 * 150);
    }

    @Test
    void aMalformedReplyFailsOnlyWhoAskedForIt() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                FramedChannel raw = FramedChannel.over(pair.second());
                OwnedFd file = TestFiles.holding("x");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<FromWorker> first = threads.submit(() -> tube.request(LONG, new ToWorker.Ping()));
            long firstId = id(raw);
            Future<FromWorker> second = threads.submit(() -> tube.request(LONG, new ToWorker.Ping()));
            long secondId = id(raw);
            int before = TestFiles.open();
            raw.send(frame(2, firstId, "{\"Pong\":{\"number\":1}}"), file);
            raw.send(frame(2, 12345, "{\"Opened\":{\"files\":[0]}}"), file); // nobody asked
            raw.send(frame(2, secondId, "{\"Pong\":{\"number\":2}}"));
            assertThatThrownBy(first::get).cause().isInstanceOf(MessageException.class);
            assertThat(second.get()).isEqualTo(new FromWorker.Pong(2));
            TestFiles.awaitOpen(before);
        }
    }

    @Test
    void whatIsNoReplyAtAllEndsTheTube() throws Exception {
        for (ByteBuffer bad : List.of(frame(1, 1, "{\"Ping\":{}}"), frame(9, 1, ""), ByteBuffer.wrap(new byte[8]))) {
            SocketPair<UnixStream> pair = UnixStream.pair();
            try (RequestTube<ToWorker, FromWorker> tube =
                            RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                    FramedChannel raw = FramedChannel.over(pair.second());
                    OwnedFd file = TestFiles.holding("x");
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<FromWorker> waits = threads.submit(() -> tube.request(LONG, new ToWorker.Ping()));
                assertThat(id(raw)).isEqualTo(1);
                int before = TestFiles.open();
                raw.send(bad, file);
                assertThatThrownBy(waits::get)
                        .cause()
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("the tube has ended: a frame of ");
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> tube.request(LONG, new ToWorker.Ping()))
                        .withMessageStartingWith("the tube has ended: a frame of ");
                assertThat(tube.isOpen()).isFalse();
                TestFiles.awaitOpen(before);
            }
        }
    }

    @Test
    void aServiceRefusesWhatIsNoRequestAndGoesOn() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (FramedChannel raw = FramedChannel.over(pair.first());
                ReplyTube<ToWorker, FromWorker> service =
                        ReplyTube.over(pair.second(), ToWorker.class, FromWorker.class);
                OwnedFd file = TestFiles.holding("x")) {
            int before = TestFiles.open();
            raw.send(frame(2, 1, "{\"Ping\":{}}"), file);
            assertThatExceptionOfType(MessageException.class).isThrownBy(service::receive);
            raw.send(ByteBuffer.allocate(3), file);
            assertThatExceptionOfType(MessageException.class).isThrownBy(service::receive);
            raw.send(frame(1, -5, "{\"Nonsense\":0}"), file);
            raw.send(frame(1, Long.MIN_VALUE, "{\"Ping\":{}}"));
            service.receive().reply(new FromWorker.Pong(3));
            try (Frame failure = raw.receive();
                    Frame reply = raw.receive()) {
                assertThat(failure.data().get()).isEqualTo((byte) 3);
                assertThat(failure.data().order(ByteOrder.LITTLE_ENDIAN).getLong())
                        .isEqualTo(-5);
                assertThat(StandardCharsets.UTF_8.decode(failure.data()).toString())
                        .isEqualTo("\"Nonsense\" is unknown; known are [Open, Ping, Count, Mode]");
                assertThat(reply.data()).isEqualTo(frame(2, Long.MIN_VALUE, "{\"Pong\":{\"number\":3}}"));
            }
            TestFiles.awaitOpen(before);
        }
    }

    @Test
    void theEndOfThePeerFailsAllThatWait() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                FramedChannel raw = FramedChannel.over(pair.second());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<FromWorker>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(threads.submit(() -> tube.request(Duration.ZERO, new ToWorker.Ping())));
                assertThat(id(raw)).isPositive();
            }
            raw.close();
            for (Future<FromWorker> each : waiting) {
                assertThatThrownBy(each::get).cause().isInstanceOf(EOFException.class);
            }
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> tube.request(LONG, new ToWorker.Ping()));
        }
    }

    @Test
    void closingFailsAllThatWait() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                FramedChannel raw = FramedChannel.over(pair.second());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<FromWorker> waits = threads.submit(() -> tube.request(Duration.ZERO, new ToWorker.Ping()));
            assertThat(id(raw)).isEqualTo(1);
            tube.close();
            assertThatThrownBy(waits::get).cause().isInstanceOf(AsynchronousCloseException.class);
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> tube.request(LONG, new ToWorker.Ping()));
        }
    }

    @Test
    void interruptingOneThatWaitsHarmsNobodyElse() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                FramedChannel raw = FramedChannel.over(pair.second());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch interrupted = new CountDownLatch(1);
            Thread waits = Thread.ofVirtual().start(() -> {
                try {
                    tube.request(Duration.ZERO, new ToWorker.Ping());
                } catch (InterruptedIOException e) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    interrupted.countDown();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(id(raw)).isEqualTo(1);
            waits.interrupt();
            assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
            Future<FromWorker> other = threads.submit(() -> tube.request(LONG, new ToWorker.Ping()));
            assertThat(id(raw)).isEqualTo(2);
            raw.send(frame(2, 2, "{\"Pong\":{\"number\":2}}"));
            assertThat(other.get()).isEqualTo(new FromWorker.Pong(2));
        }
    }

    @Test
    void oneThatIsInterruptedAlreadySendsNothingAndHarmsNobody() throws Exception {
        try (Served served = Served.by(SocketType.STREAM, RequestsTest::answer)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> served.tube().request(new ToWorker.Count(1)))
                    .withMessageContaining("nothing of it was");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(served.tube().request(new ToWorker.Count(2))).isEqualTo(new FromWorker.Pong(2));
        }
    }

    @Test
    void aTimeoutThatWasSetIsThatOfARequestThatSaysNone() throws Exception {
        CountDownLatch isTooLate = new CountDownLatch(1);
        ReplyTube.Handler<ToWorker, FromWorker> answerLate = request -> {
            isTooLate.await();
            answer(request);
        };
        try (Served served = Served.by(SocketType.STREAM, answerLate)) {
            assertThat(served.tube().requestTimeout()).isZero();
            served.tube().setRequestTimeout(SHORT);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> served.tube().request(new ToWorker.Count(1)))
                    .withMessage("no reply within PT0.05S");
            isTooLate.countDown();
            assertThat(served.tube().request(LONG, new ToWorker.Count(2))).isEqualTo(new FromWorker.Pong(2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> served.tube().setRequestTimeout(Duration.ofNanos(-1)));
        }
    }

    @Test
    void aFullSocketTakesTheTimeOfARequest() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (RequestTube<ToWorker, FromWorker> tube = RequestTube.over(pair.first(), ToWorker.class, FromWorker.class);
                FramedChannel raw = FramedChannel.over(pair.second())) {
            String large = "x".repeat(900_000);
            try (OwnedFd file = TestFiles.holding("x")) {
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> tube.request(SHORT, new ToWorker.Open(large, file, Map.of())));
            }
            // A part of it has gone, so that others wait for the rest of it.
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> tube.request(SHORT, new ToWorker.Ping()))
                    .withMessageContaining("of other threads took all the time");
            assertThat(tube.isOpen()).isTrue();

            try (Frame first = raw.receive();
                    OwnedFd file = first.takeFd(0)) {
                assertThat(first.bytes()).isGreaterThan(900_000);
                assertThat(TestFiles.text(file)).isEqualTo("x");
            }
            try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
                Future<FromWorker> reply = thread.submit(() -> tube.request(LONG, new ToWorker.Ping()));
                raw.send(frame(2, id(raw), "{\"Pong\":{\"number\":5}}"));
                assertThat(reply.get()).isEqualTo(new FromWorker.Pong(5));
            }
        }
        TestFiles.awaitOpen(0);
    }

    @Test
    void closingEndsWhatIsSentInPart() throws Exception {
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (UnixStream deaf = pair.second();
                RequestTube<ToWorker, FromWorker> tube =
                        RequestTube.over(pair.first(), ToWorker.class, FromWorker.class)) {
            assertThat(deaf.isOpen()).isTrue();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> tube.request(SHORT, new ToWorker.Open("x".repeat(900_000), null, Map.of())));
            tube.close();
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> tube.request(LONG, new ToWorker.Ping()));
        }
    }

    private static long id(FramedChannel raw) throws IOException {
        try (Frame frame = raw.receive()) {
            assertThat(frame.data().get()).isEqualTo((byte) 1);
            return frame.data().order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
    }

    private static ByteBuffer frame(int kind, long id, String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(9 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .putLong(id)
                .put(text)
                .flip();
    }
}
