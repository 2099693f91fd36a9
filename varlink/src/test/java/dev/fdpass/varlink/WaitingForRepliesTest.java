package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How long a call waits, and what an interrupt does to it. */
class WaitingForRepliesTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    /** A client, and what answers it by hand. */
    private record Ends(VarlinkClient client, FramedChannel peer) implements AutoCloseable {
        static Ends open() throws IOException {
            SocketPair<UnixStream> pair = UnixStream.pair();
            return new Ends(
                    VarlinkClient.over(pair.first()), FramedChannel.over(pair.second(), Framing.nulTerminated()));
        }

        void awaitCall() throws IOException {
            peer.receive().close();
        }

        void reply() throws IOException {
            peer.send(ByteBuffer.wrap("{}".getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public void close() throws IOException {
            try (client;
                    peer) {
                assertThat(peer.isOpen()).isTrue();
            }
        }
    }

    @Test
    void aTimeoutThatWasSetIsThatOfACallThatSaysNone() throws Exception {
        try (Ends ends = Ends.open()) {
            VarlinkClient client = ends.client();
            assertThat(client.requestTimeout()).isZero();
            client.setRequestTimeout(MOMENT);
            assertThat(client.requestTimeout()).isEqualTo(MOMENT);
            ends.reply();
            client.call(Duration.ofSeconds(30), "a.b.C", Map.of()).close();
            assertThatIllegalArgumentException().isThrownBy(() -> client.setRequestTimeout(Duration.ofNanos(-1)));
            assertThatIllegalArgumentException().isThrownBy(() -> client.call(Duration.ofNanos(-1), "a.b.C", Map.of()));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> client.call("a.b.C", Map.of()))
                    .withMessage("no reply within PT0.1S");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void theTimeInWhichItWaitsForItsTurnIsPartOfIt() throws Exception {
        try (Ends ends = Ends.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply> first = threads.submit(() -> ends.client().call("a.b.First", Map.of()));
            ends.awaitCall();
            Duration timeout = Duration.ofSeconds(8);
            long begin = System.nanoTime();
            Future<?> second = threads.submit(() -> ends.client().call(timeout, "a.b.Second", Map.of()));
            Thread.sleep(6000); // by which the machine may be late below
            long turn = System.nanoTime();
            ends.reply();
            first.get().close();
            assertThatThrownBy(second::get).hasCauseInstanceOf(SocketTimeoutException.class);
            long end = System.nanoTime();
            assertThat(Duration.ofNanos(end - begin)).as("so long in all").isGreaterThanOrEqualTo(timeout);
            assertThat(Duration.ofNanos(end - turn))
                    .as("and not so long behind the first call")
                    .isLessThan(timeout);
        }
    }

    @Test
    void eachOfManyRepliesHasItsOwnTime() throws Exception {
        try (Ends ends = Ends.open()) {
            ends.client().setRequestTimeout(MOMENT);
            try (Replies<Reply> replies = ends.client().more("a.b.C", Map.of())) {
                for (int i = 0; i < 3; i++) {
                    Thread.sleep(MOMENT);
                    ends.peer().send(ByteBuffer.wrap("{\"continues\":true}".getBytes(StandardCharsets.US_ASCII)));
                    replies.next().orElseThrow().close();
                }
                assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(replies::next);
            }
        }
    }

    @Test
    void oneThatIsInterruptedBeforeItSendsClosesNothing() throws Exception {
        try (Ends ends = Ends.open()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> ends.client().call("a.b.C", Map.of()))
                    .withMessageContaining("nothing of it was");
            assertThat(Thread.interrupted()).isTrue();
            ends.reply();
            ends.client().call("a.b.C", Map.of()).close();
        }
    }

    @Test
    void oneThatIsInterruptedWhileItWaitsClosesTheClient() throws Exception {
        try (Ends ends = Ends.open()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread waits = Thread.ofVirtual().start(() -> {
                try {
                    ends.client().call("a.b.C", Map.of()).close();
                } catch (IOException e) {
                    thrown.set(e);
                }
            });
            ends.awaitCall();
            waits.interrupt();
            waits.join();
            assertThat(thrown.get()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(ends.client().isOpen()).isFalse();
        }
    }
}
