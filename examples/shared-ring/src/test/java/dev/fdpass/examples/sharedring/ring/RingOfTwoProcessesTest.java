package dev.fdpass.examples.sharedring.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two JVMs. Every test ends with the descriptors it began with, here and, where it ends by itself, in the other process. */
class RingOfTwoProcessesTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"4096, 20000, 20", "4096, 20000, 0", "65536, 20000, 20", "2097152, 500, 20"})
    void messagesOfAllSizesArriveIntactAndInOrder(int capacity, int count, long spinMicros) throws Exception {
        try (var child = RingChild.start("send", count, capacity);
                var ring = RingReceiver.accept(child.tube())) {
            ring.setSpin(Duration.ofNanos(1000 * spinMicros));
            assertThat(ring.longestMessage()).isEqualTo(capacity - 8);
            RandomMessages messages = new RandomMessages(RingPeer.SEED, capacity - 8);
            byte[] received = new byte[capacity];
            for (int i = 0; i < count; i++) {
                int length = ring.receive(MemorySegment.ofArray(received));
                if (!Arrays.equals(messages.next(), Arrays.copyOf(received, length))) {
                    throw new AssertionError("message " + i + " is another one");
                }
            }
            assertThat(ring.receive(MemorySegment.ofArray(received))).isEqualTo(RingReceiver.END);
            child.endsWell();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 20})
    void messagesThatThisProcessSendsArriveToo(long spinMicros) throws Exception {
        int count = 20_000;
        try (var child = RingChild.start("receive", count)) {
            try (var ring = RingSender.offer(child.tube(), 1 << 16)) {
                ring.setSpin(Duration.ofNanos(1000 * spinMicros));
                RandomMessages messages = new RandomMessages(RingPeer.SEED, (int) ring.longestMessage());
                for (int i = 0; i < count; i++) {
                    ring.send(MemorySegment.ofArray(messages.next()));
                }
            }
            child.endsWell();
        }
    }

    @Test
    void aFullRingMakesTheSenderSleepUntilTheReceiverWakesIt() throws Exception {
        int count = 1_000;
        try (var child = RingChild.start("receive-when-told", count)) {
            try (var ring = RingSender.offer(child.tube(), 1 << 16)) {
                child.says("ready");
                RandomMessages messages = new RandomMessages(RingPeer.SEED, (int) ring.longestMessage());
                try (var sent = Background.blocked(() -> {
                    for (int i = 0; i < count; i++) {
                        ring.send(MemorySegment.ofArray(messages.next()));
                    }
                    return "sent";
                })) {
                    child.tell();
                    assertThat(sent.get()).isEqualTo("sent");
                }
            }
            child.endsWell();
        }
    }

    @Test
    void aReceiverHearsOfASenderThatWasKilledAfterItHasAllMessages() throws Exception {
        int count = 100;
        try (var child = RingChild.start("send-and-stay", count);
                var ring = RingReceiver.accept(child.tube())) {
            child.says("ready");
            child.kill();
            byte[] received = new byte[1];
            for (int i = 0; i < count; i++) {
                assertThat(ring.receive(MemorySegment.ofArray(received))).isEqualTo(1);
                assertThat(received).containsExactly(i);
            }
            assertPeerIsGone(() -> ring.receive(MemorySegment.ofArray(received)), "sender");
            assertPeerIsGone(() -> ring.receive(MemorySegment.ofArray(received)), "sender");
        }
    }

    @Test
    void aReceiverThatSleepsHearsOfASenderThatIsKilled() throws Exception {
        try (var child = RingChild.start("send-and-stay", 0);
                var ring = RingReceiver.accept(child.tube())) {
            child.says("ready");
            try (var received = Background.blocked(() -> ring.receive(MemorySegment.ofArray(new byte[1])))) {
                child.kill();
                assertThat(received.failure())
                        .isInstanceOf(PeerGoneException.class)
                        .hasMessageContaining("sender");
            }
        }
    }

    @Test
    void aSenderThatSleepsHearsOfAReceiverThatIsKilled() throws Exception {
        try (var child = RingChild.start("accept-and-stay", 0);
                var ring = RingSender.offer(child.tube(), 4096)) {
            child.says("ready");
            ring.send(MemorySegment.ofArray(new byte[3000]));
            try (var sent = Background.blocked(() -> {
                ring.send(MemorySegment.ofArray(new byte[3000]));
                return "sent";
            })) {
                child.kill();
                assertThat(sent.failure())
                        .isInstanceOf(PeerGoneException.class)
                        .hasMessage("the receiver of the ring has ended without closing it");
            }
        }
    }

    private static void assertPeerIsGone(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String who) {
        long begin = System.nanoTime();
        assertThatThrownBy(call)
                .isInstanceOf(PeerGoneException.class)
                .hasMessage("the " + who + " of the ring has ended without closing it");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
    }
}
