package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTest {
    /** More than the queue of a socket takes. */
    private static final int LARGE = 5 << 20;

    private static byte[] randomBytes() {
        byte[] bytes = new byte[LARGE];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    /** Receives all of a stream, and counts the descriptors that came. */
    private static final class Collector {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(LARGE);
        private int fds;

        Collector drain(UnixStream from, int until) throws IOException {
            while (bytes.position() < until) {
                try (Received received = from.receive(bytes, 10)) {
                    fds += received.fdCount();
                    assertThat(received.isEndOfStream()).isFalse();
                }
            }
            return this;
        }

        byte[] toArray() {
            byte[] array = new byte[bytes.position()];
            bytes.get(0, array);
            return array;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S05: a send larger than the queue goes out whole, with its descriptors once")
    void aLargeSend(boolean direct) throws Exception {
        byte[] bytes = randomBytes();
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(LARGE).put(bytes).flip() : ByteBuffer.wrap(bytes);
        try (Memfds files = new Memfds(3);
                SocketPair<UnixStream> pair = UnixStream.pair();
                Background<Integer> sending =
                        Background.blocked(() -> pair.first().send(buffer, files.first(3)))) {
            Collector collector = new Collector().drain(pair.second(), LARGE);
            assertThat(sending.get()).isEqualTo(LARGE);
            assertThat(buffer.remaining()).isZero();
            assertThat(collector.fds).isEqualTo(3);
            assertThat(collector.toArray()).isEqualTo(bytes);
        }
    }

    @Test
    @DisplayName("S05: trySend sends a part with all descriptors; the next goes on with the bytes alone")
    void trySendOfAMessage() throws Exception {
        byte[] bytes = randomBytes();
        // Borders in the middle of everything: the payload, a heap buffer and three direct ones.
        ByteBuffer[] parts = new ByteBuffer[3];
        int begin = 3000;
        for (int i = 0; i < 3; i++) {
            int end = i == 2 ? LARGE : begin + LARGE / 3;
            parts[i] = ByteBuffer.allocateDirect(end - begin)
                    .put(bytes, begin, end - begin)
                    .flip();
            begin = end;
        }
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                SocketPair<UnixStream> other = UnixStream.pair();
                ScmMessage message = ScmMessage.allocate(3000, 2)) {
            message.payload().put(bytes, 0, 1000);
            ByteBuffer heap = ByteBuffer.wrap(bytes, 1000, 2000);
            message.addBuffer(heap);
            for (ByteBuffer part : parts) {
                message.addBuffer(part);
            }
            message.addFd(files.get(0)).addFd(files.get(1));
            assertThat(message.sentBytes()).isZero();
            assertThat(pair.first().trySend(message)).isFalse();
            long sent = message.sentBytes();
            assertThat(sent).isBetween(3000L, LARGE - 1L);
            assertThat(heap.hasRemaining()).isFalse();
            assertThat(parts[0].position() + parts[1].position() + parts[2].position())
                    .isEqualTo((int) sent - 3000);
            assertThat(pair.first().trySend(message)).as("nothing more goes").isFalse();
            assertThat(message.sentBytes()).isEqualTo(sent);
            assertThatIllegalStateException()
                    .isThrownBy(() -> other.first().send(message))
                    .withMessageContaining("another socket");

            // Its descriptors are on their way: they may be closed.
            files.get(0).asFd().close();
            Collector collector = new Collector();
            int turns = 0;
            do {
                collector.drain(pair.second(), (int) sent);
                sent = pair.first().trySend(message) ? LARGE : message.sentBytes();
                turns++;
            } while (sent < LARGE);
            assertThat(turns).isGreaterThan(3);
            assertThat(message.sentBytes()).isZero();
            collector.drain(pair.second(), LARGE);
            assertThat(collector.fds).isEqualTo(2);
            assertThat(collector.toArray()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "S05: trySend of a buffer moves its position past what went; the descriptors went with it, or nothing did")
    void trySendOfABuffer(boolean direct) throws IOException {
        byte[] bytes = randomBytes();
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(LARGE).put(bytes).flip() : ByteBuffer.wrap(bytes);
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            OptionalInt first = pair.first().trySend(buffer, files.get(0));
            assertThat(first).isPresent();
            assertThat(buffer.position()).isEqualTo(first.getAsInt()).isLessThan(LARGE);
            int queued = first.getAsInt();
            assertThat(pair.first().trySend(buffer, files.get(0))).isEmpty();
            assertThat(buffer.position()).as("nothing went").isEqualTo(queued);

            Collector collector = new Collector();
            while (buffer.hasRemaining()) {
                collector.drain(pair.second(), buffer.position());
                pair.first().trySend(buffer);
            }
            collector.drain(pair.second(), LARGE);
            assertThat(collector.fds).isEqualTo(1);
            assertThat(collector.toArray()).isEqualTo(bytes);
        }
    }

    @Test
    @DisplayName("S05: a send that timed out half way says how much went, and goes on from there")
    void aTimeoutHalfWay() throws Exception {
        byte[] bytes = randomBytes();
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                ScmMessage message = ScmMessage.allocate(LARGE, 2)) {
            message.payload().put(bytes);
            message.addFd(files.get(0)).addFd(files.get(1));
            pair.first().setSendTimeout(Duration.ofMillis(30));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.first().send(message))
                    .satisfies(e -> assertThat((long) e.bytesTransferred)
                            .isEqualTo(message.sentBytes())
                            .isBetween(1L, LARGE - 1L));
            pair.first().setSendTimeout(Duration.ofSeconds(60));
            try (Background<Integer> sending = Background.run(() -> {
                pair.first().send(message);
                return 0;
            })) {
                Collector collector = new Collector().drain(pair.second(), LARGE);
                sending.get();
                assertThat(collector.fds).isEqualTo(2);
                assertThat(collector.toArray()).isEqualTo(bytes);
            }
        }
    }

    @Test
    @DisplayName("S05: a convenient send that timed out leaves the position past what went")
    void aTimeoutOfAConvenientSend() throws Exception {
        byte[] bytes = randomBytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.first().setSendTimeout(Duration.ofMillis(30));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.first().send(buffer, files.get(0)))
                    .satisfies(e -> assertThat(e.bytesTransferred).isEqualTo(buffer.position()));
            assertThat(buffer.position()).isBetween(1, LARGE - 1);
            Collector collector = new Collector().drain(pair.second(), buffer.position());
            assertThat(collector.fds).isEqualTo(1);
            assertThat(collector.toArray()).isEqualTo(java.util.Arrays.copyOf(bytes, buffer.position()));
        }
    }

    @Test
    void aClearedMessageForgetsThatItWasPartlySent() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                ScmMessage message = ScmMessage.allocate(LARGE, 0)) {
            message.payload().position(LARGE);
            assertThat(pair.first().trySend(message)).isFalse();
            assertThat(message.sentBytes()).isPositive();
            message.clear();
            assertThat(message.sentBytes()).isZero();
            message.payload().put("x".getBytes(UTF_8));
            try (SocketPair<UnixStream> other = UnixStream.pair()) {
                other.first().send(message);
                assertThat(other.second().read(ByteBuffer.allocate(9))).isEqualTo(1);
            }
        }
    }

    @Test
    @DisplayName("R09: a receive stops after bytes that carry descriptors, and plain bytes before them come along")
    void aReceiveStopsAfterBytesThatCarryDescriptors() throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.first().send(ByteBuffer.wrap("plain".getBytes(UTF_8)));
            pair.first().send(ByteBuffer.wrap("FIRST".getBytes(UTF_8)), files.get(0));
            pair.first().send(ByteBuffer.wrap("SECOND".getBytes(UTF_8)), files.get(1));
            pair.first().send(ByteBuffer.wrap("more".getBytes(UTF_8)));
            pair.first().send(ByteBuffer.wrap("plain".getBytes(UTF_8)));
            String[] expected = {"plainFIRST", "SECOND", "moreplain"};
            for (int i = 0; i < 3; i++) {
                try (Received received = pair.second().receive(100, 10)) {
                    assertThat(UTF_8.decode(received.data()).toString()).isEqualTo(expected[i]);
                    assertThat(received.fdCount()).isEqualTo(i < 2 ? 1 : 0);
                    for (OwnedFd fd : received.takeFds()) {
                        assertThat(fd.info().name()).startsWith("/memfd:file-" + i);
                        fd.close();
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("R09: descriptors arrive with the first byte of their send")
    void descriptorsArriveWithTheFirstByteOfTheirSend() throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.first().send(ByteBuffer.wrap("abc".getBytes(UTF_8)), files.get(0));
            int[] fds = new int[3];
            for (int i = 0; i < 3; i++) {
                try (Received received = pair.second().receive(1, 1)) {
                    fds[i] = received.fdCount();
                    assertThat(received.isPayloadTruncated())
                            .as("the rest stays on a stream")
                            .isFalse();
                }
            }
            assertThat(fds).containsExactly(1, 0, 0);
        }
    }
}
