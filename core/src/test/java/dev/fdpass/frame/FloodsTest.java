package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.ErrnoException;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException.Reason;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A peer that sends faster than this end reads evades neither clock nor interrupt. */
class FloodsTest {
    private interface Check {
        void of(FramedChannel channel, Background<?> receiving) throws Exception;
    }

    /** Receives while two threads send nothing but what may stand behind an object that waits for a descriptor. */
    private static void whileFlooded(FrameLimits limits, Duration timeout, Check check) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.selfDelimitingJson(), limits)) {
            channel.setReceiveTimeout(timeout);
            peer.send(Text.buffer("{\"fds\":1}"));
            try (Background<?> first = Background.run(() -> flood(peer));
                    Background<?> second = Background.run(() -> flood(peer));
                    Background<?> receiving = Background.run(channel::receive)) {
                check.of(channel, receiving);
                assertThat(first.get()).isEqualTo(second.get());
            }
        }
    }

    private static ByteBuffer spaces(int count) {
        ByteBuffer spaces = ByteBuffer.allocateDirect(count);
        while (spaces.hasRemaining()) {
            spaces.put((byte) ' ');
        }
        return spaces.flip();
    }

    private static boolean flood(UnixStream peer) {
        ByteBuffer spaces = spaces(1 << 16);
        try {
            while (true) {
                peer.send(spaces.clear());
            }
        } catch (IOException e) {
            return true; // it was cut
        }
    }

    @Test
    @DisplayName("R21: a frame that is begun and not finished in time is cut though more and more comes")
    void unfinished() throws Exception {
        whileFlooded(
                FrameLimits.DEFAULT.maxUnfinished(Duration.ofMillis(200)),
                Duration.ZERO,
                (channel, receiving) -> assertThat(receiving.failure())
                        .isInstanceOfSatisfying(
                                FrameException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.UNFINISHED)));
    }

    @Test
    void theReceiveTimeoutEndsToo() throws Exception {
        whileFlooded(FrameLimits.DEFAULT, Duration.ofMillis(200), (channel, receiving) -> {
            assertThat(receiving.failure()).isInstanceOf(SocketTimeoutException.class);
            channel.asFd().closeAside();
        });
    }

    @Test
    @DisplayName("L03: an interrupt is heard")
    void interrupted() throws Exception {
        whileFlooded(FrameLimits.DEFAULT, Duration.ZERO, (channel, receiving) -> {
            Thread.sleep(100);
            receiving.thread().interrupt();
            assertThat(receiving.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(channel.isOpen()).isFalse();
        });
    }

    // ---- What is there already, in the least pieces: no thread need be faster than another

    private interface EndsEarly {
        void of(FramedChannel channel) throws Exception;
    }

    /** Receives from a socket that is as full as can be, and asserts that this ends before it is empty. */
    @SuppressWarnings("try") // the channel goes before its peer
    private static void ofAFullSocket(FrameLimits limits, EndsEarly check) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel =
                        FramedChannel.over(pair.second(), Framing.selfDelimitingJson(), limits.maxBufferedBytes(16))) {
            peer.send(Text.buffer("{\"fds\":1}"));
            channel.setReceiveTimeout(Duration.ofMillis(1));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(channel::receive);
            ByteBuffer spaces = spaces(1 << 12);
            while (peer.trySend(spaces.clear()).isPresent()) {
                assertThat(channel.isOpen()).isTrue();
            }
            try (Background<?> receiving = Background.run(() -> {
                check.of(channel);
                return true;
            })) {
                assertThat(receiving.get()).isEqualTo(true);
            }
            channel.close();
            assertThatExceptionOfType(ErrnoException.class)
                    .as("something was left unread")
                    .isThrownBy(() -> peer.receive(1, 0))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("ECONNRESET"));
        }
    }

    @Test
    @DisplayName("R21: the clock of an unfinished frame is looked at though there is more to receive at each moment")
    void theClockIsLookedAt() throws Exception {
        // Long enough for the first receive to time out before it.
        ofAFullSocket(FrameLimits.DEFAULT.maxUnfinished(Duration.ofSeconds(1)), channel -> {
            channel.setReceiveTimeout(Duration.ZERO);
            Thread.sleep(1001); // it is late, and what is there may finish it
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNFINISHED));
        });
    }

    @Test
    void theReceiveTimeoutIsLookedAt() throws Exception {
        ofAFullSocket(FrameLimits.DEFAULT, channel -> {
            channel.setReceiveTimeout(Duration.ofNanos(1));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(channel::receive);
        });
    }

    @Test
    @DisplayName("L03: an interrupt is heard though there is more to receive at each moment")
    void theInterruptIsLookedAt() throws Exception {
        ofAFullSocket(FrameLimits.DEFAULT, channel -> {
            channel.setReceiveTimeout(Duration.ZERO);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(ClosedByInterruptException.class).isThrownBy(channel::receive);
            assertThat(Thread.interrupted()).isTrue();
        });
    }
}
