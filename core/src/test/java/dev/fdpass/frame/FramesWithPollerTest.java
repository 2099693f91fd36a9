package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A poller knows of the socket alone: who tries until nothing is there misses no frame. */
@SuppressWarnings("try") // an end that is closed early
class FramesWithPollerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void oneReadinessCanBeManyFramesAndNone() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.of(pair.first());
                FramedChannel right = FramedChannel.of(pair.second());
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(0);
                Poller<FramedChannel> poller = Poller.open()) {
            poller.register(right, Interest.READ, right);
            assertThat(poller.tryAwait()).isZero();
            for (int i = 0; i < 5; i++) {
                left.send(ByteBuffer.allocate(i));
            }
            left.send(ByteBuffer.allocate(5), bell);

            assertThat(poller.await(PATIENCE)).isEqualTo(1);
            FramedChannel ready = poller.ready(0).attachment();
            assertThat(ready.tryReceive(message)).isEqualTo(TryResult.DONE);
            assertThat(poller.tryAwait())
                    .as("the socket is empty, and frames are here")
                    .isZero();
            for (int i = 1; i <= 5; i++) {
                assertThat(ready.tryReceive(message)).isEqualTo(TryResult.DONE);
                assertThat(message.bytes()).isEqualTo(i);
                assertThat(message.fdCount()).isEqualTo(i == 5 ? 1 : 0);
            }
            assertThat(ready.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);

            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 0), 0, 3));
            assertThat(poller.await(PATIENCE)).isEqualTo(1);
            assertThat(ready.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
            assertThat(poller.tryAwait()).isZero();
            left.close();
            assertThat(poller.await(PATIENCE)).isEqualTo(1);
        }
    }
}
