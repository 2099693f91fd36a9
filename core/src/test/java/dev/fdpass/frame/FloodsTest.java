package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

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
                FramedChannel channel = FramedChannel.of(pair.second(), Framing.selfDelimitingJson(), limits)) {
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

    private static boolean flood(UnixStream peer) {
        ByteBuffer spaces = ByteBuffer.allocateDirect(1 << 16);
        while (spaces.hasRemaining()) {
            spaces.put((byte) ' ');
        }
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
}
