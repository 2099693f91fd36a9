package dev.fdpass.examples.sharedring.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Allocation;
import dev.fdpass.testing.Background;
import dev.fdpass.tube.Tube;
import dev.fdpass.tube.TubePair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends in one process, where they can be looked at. */
class RingEndsTest {
    private static final int CAPACITY = 4096;

    private TubePair<RingOffer, RingOffer> tubes;
    private RingSender sender;
    private RingReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        tubes = Tube.pair(RingOffer.class, RingOffer.class);
        sender = RingSender.offer(tubes.first(), CAPACITY);
        receiver = RingReceiver.accept(tubes.second());
    }

    @AfterEach
    void close() throws IOException {
        sender.close();
        receiver.close();
        tubes.close();
    }

    private static MemorySegment bytes(int count) {
        return MemorySegment.ofArray(new byte[count]);
    }

    @Test
    void afterTheLastMessageComesTheEnd() throws IOException {
        sender.send(MemorySegment.ofArray("hello".getBytes(UTF_8)));
        sender.send(bytes(0));
        sender.close();

        byte[] received = new byte[10];
        assertThat(receiver.receive(MemorySegment.ofArray(received))).isEqualTo(5);
        assertThat(received).startsWith("hello".getBytes(UTF_8)).endsWith(0, 0, 0, 0, 0);
        assertThat(receiver.receive(bytes(10))).isZero();
        assertThat(receiver.receive(bytes(10))).isEqualTo(RingReceiver.END);
        assertThat(receiver.receive(bytes(10))).isEqualTo(RingReceiver.END);
    }

    @Test
    void theEndComesAlsoWhenTheTubeHasEnded() throws IOException {
        sender.send(bytes(1));
        sender.close();
        tubes.first().close();

        assertThat(receiver.receive(bytes(10))).isEqualTo(1);
        assertThat(receiver.receive(bytes(10))).isEqualTo(RingReceiver.END);
    }

    @Test
    void aMessageForAClosedReceiverIsRefused() throws IOException {
        receiver.close();
        assertThatThrownBy(() -> sender.send(bytes(1)))
                .isInstanceOf(PeerGoneException.class)
                .hasMessage("the receiver has closed its end of the ring");
    }

    @Test
    void anEndThatIsClosedSaysSoAndClosesOnce() throws IOException {
        sender.close();
        sender.close();
        assertThatThrownBy(() -> sender.send(bytes(1))).isInstanceOf(ClosedChannelException.class);
        receiver.close();
        receiver.close();
        assertThatThrownBy(() -> receiver.receive(bytes(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aReceiverThatSleepsIsWokenByAMessage() throws Exception {
        try (var received = Background.blocked(() -> receiver.receive(bytes(1)))) {
            sender.send(bytes(1));
            assertThat(received.get()).isEqualTo(1);
        }
    }

    @Test
    void aReceiverThatSleepsIsWokenByTheEnd() throws Exception {
        try (var received = Background.blocked(() -> receiver.receive(bytes(1)))) {
            sender.close();
            assertThat(received.get()).isEqualTo(RingReceiver.END);
        }
    }

    @Test
    void aReceiverThatSleepsIsWokenByTheEndOfTheTube() throws Exception {
        try (var received = Background.blocked(() -> receiver.receive(bytes(1)))) {
            tubes.first().close();
            assertThat(received.failure()).isInstanceOf(PeerGoneException.class);
        }
    }

    @Test
    void aSenderThatSleepsIsWokenByTheEnd() throws Exception {
        sender.send(bytes(4000));
        try (var sent = Background.blocked(() -> {
            sender.send(bytes(4000));
            return "sent";
        })) {
            receiver.close();
            assertThat(sent.failure()).isInstanceOf(PeerGoneException.class);
        }
    }

    @Test
    void aSenderThatSleepsIsWokenWhenHalfOfTheRingIsFree() throws Exception {
        for (int i = 0; i < 4; i++) {
            sender.send(bytes(1000));
        }
        try (var sent = Background.blocked(() -> {
            sender.send(bytes(1000));
            return "sent";
        })) {
            assertThat(receiver.receive(bytes(1000))).isEqualTo(1000);
            sent.awaitBlocked(); // there would be room
            assertThat(receiver.receive(bytes(1000))).isEqualTo(1000);
            assertThat(sent.get()).isEqualTo("sent");
        }
    }

    @Test
    void nobodyWaitsLongerThanTheTimeout() throws IOException {
        receiver.setTimeout(Duration.ofMillis(20));
        assertThatThrownBy(() -> receiver.receive(bytes(1))).isInstanceOf(SocketTimeoutException.class);
        sender.setTimeout(Duration.ofMillis(20));
        sender.send(bytes(4000));
        assertThatThrownBy(() -> sender.send(bytes(4000))).isInstanceOf(SocketTimeoutException.class);
        // And nothing has changed by that.
        assertThat(receiver.receive(bytes(4000))).isEqualTo(4000);
        sender.send(bytes(1));
        assertThat(receiver.receive(bytes(4000))).isEqualTo(1);
    }

    @Test
    void theLongestMessageFillsTheRing() throws IOException {
        for (int i = 0; i < 3; i++) {
            sender.send(bytes(CAPACITY - 8));
            assertThat(receiver.receive(bytes(CAPACITY))).isEqualTo(CAPACITY - 8);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sender.send(bytes(CAPACITY - 7)))
                .withMessageContaining("4089 bytes")
                .withMessageContaining("at most 4088");
    }

    @Test
    void aMessageWithoutRoomForItCanBeReceivedAgain() throws IOException {
        sender.send(MemorySegment.ofArray(new byte[] {1, 2, 3}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> receiver.receive(bytes(2)))
                .withMessageContaining("3 bytes");
        byte[] received = new byte[3];
        assertThat(receiver.receive(MemorySegment.ofArray(received))).isEqualTo(3);
        assertThat(received).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 2048, 4095, 5000, Integer.MIN_VALUE})
    void aRingIsNotOfAnySize(int capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RingSender.offer(tubes.first(), capacity))
                .withMessageContaining("a power of two from 4096 to 1073741824");
    }

    @Test
    void aRingForNobodyIsNotMade() throws IOException {
        tubes.second().close();
        assertThatThrownBy(() -> RingSender.offer(tubes.first(), CAPACITY)).isInstanceOf(IOException.class);
    }

    @Test
    void oneThatSleepsCanBeInterrupted() throws Exception {
        try (var received = Background.blocked(() -> receiver.receive(bytes(1)))) {
            received.thread().interrupt();
            assertThat(received.failure()).isInstanceOf(ClosedByInterruptException.class);
        }
    }

    @Test
    void whatDoesNotWaitAllocatesNothing() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(1000, 8);
            Allocation.assertAllocatesNothing(() -> {
                sender.send(message);
                int unused = receiver.receive(message);
            });
        }
    }
}
