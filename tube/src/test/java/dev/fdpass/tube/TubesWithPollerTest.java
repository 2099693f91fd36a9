package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FrameLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who waits for tubes with a poller is told how long. */
class TubesWithPollerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @DisplayName("R21: a peer that does not finish its message is cut by who waits no longer than he is told")
    void theTimeToFinishIsTold() throws Exception {
        Duration most = Duration.ofMillis(200);
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (UnixStream peer = pair.first();
                Tube<FromWorker, ToWorker> tube = Tube.over(
                        pair.second(),
                        FromWorker.class,
                        ToWorker.class,
                        FrameLimits.DEFAULT.maxUnfinished(most),
                        JacksonCodec.json());
                Poller<Tube<FromWorker, ToWorker>> poller = Poller.open()) {
            poller.register(tube, Interest.READ, tube);
            assertThat(tube.tryReceive()).isEmpty();
            assertThat(tube.timeToFinish()).as("nothing has begun").isEmpty();

            peer.send(ByteBuffer.wrap(new byte[] {0x46})); // the first one of a length header
            assertThat(poller.await(PATIENCE)).isEqualTo(1);
            assertThat(tube.tryReceive()).isEmpty();
            assertThat(tube.timeToFinish().orElseThrow()).isBetween(Duration.ofNanos(1), most);
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> {
                        while (tube.tryReceive().isEmpty()) { // a poller counts in milliseconds
                            assertThat(poller.await(tube.timeToFinish().orElseThrow()))
                                    .isZero();
                        }
                    })
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FrameException.Reason.UNFINISHED));
            assertThat(tube.timeToFinish()).as("it is cut").isEmpty();
        }
    }
}
