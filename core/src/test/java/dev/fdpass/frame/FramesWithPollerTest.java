package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.EventFd;
import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A poller knows of the socket alone: who tries until nothing is there misses no frame. */
@SuppressWarnings("try") // an end that is closed early
class FramesWithPollerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void oneReadinessCanBeManyFramesAndNone() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
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

    @Test
    @DisplayName("R21: who waits with a poller is told how long, and cuts who does not finish a frame")
    void theTimeToFinishIsTold() throws Exception {
        Duration most = Duration.ofSeconds(1); // of which less has passed when an attempt that finds a part ends
        FrameLimits limits = FrameLimits.DEFAULT.maxUnfinished(most);
        byte[] frame = Wire.HEADER.frame(1, 1);
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.lengthHeader(), limits);
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(0);
                Poller<FramedChannel> poller = Poller.open()) {
            poller.register(channel, Interest.READ, channel);
            assertThat(channel.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
            assertThat(channel.timeToFinish()).as("nothing has begun").isEmpty();

            peer.send(ByteBuffer.wrap(frame, 0, 5), bell);
            assertThat(channel.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
            assertThat(channel.timeToFinish().orElseThrow()).isBetween(Duration.ofNanos(1), most);
            peer.send(ByteBuffer.wrap(frame, 5, frame.length - 5));
            assertThat(channel.tryReceive(message)).isEqualTo(TryResult.DONE);
            assertThat(channel.timeToFinish()).as("it is finished").isEmpty();

            peer.send(ByteBuffer.wrap(frame, 0, 5), bell);
            long begin = System.nanoTime();
            assertThat(poller.await(PATIENCE)).isEqualTo(1);
            assertThat(channel.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
            assertThat(poller.await(channel.timeToFinish().orElseThrow())).isZero();
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> {
                        while (channel.tryReceive(message)
                                == TryResult.WOULD_BLOCK) { // a poller counts in milliseconds
                            assertThat(poller.await(channel.timeToFinish().orElseThrow()))
                                    .isZero();
                        }
                    })
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FrameException.Reason.UNFINISHED));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(most, PATIENCE);
            assertThat(channel.timeToFinish()).as("it is cut").isEmpty();
        }
    }

    @Test
    void aTimeThatIsOverIsStillATimeToWait() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(
                        pair.second(),
                        Framing.selfDelimitingJson(),
                        FrameLimits.DEFAULT.maxUnfinished(Duration.ofSeconds(1)))) {
            pair.first().send(ByteBuffer.wrap(new byte[] {'{'}));
            assertThat(channel.tryReceive()).isEmpty();
            Thread.sleep(1001);
            assertThat(channel.timeToFinish()).contains(Duration.ofNanos(1)); // zero would be for as long as it takes
        }
    }
}
