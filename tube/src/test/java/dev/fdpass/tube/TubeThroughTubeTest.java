package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a tube is sent through another, and goes on there. */
class TubeThroughTubeTest {
    record Connect(String name, Tube<FromWorker, ToWorker> tube) {}

    @ParameterizedTest
    @EnumSource
    void theReceiverGoesOnWithTheOtherEnd(SocketType kind) throws IOException {
        try (TubePair<Connect, ToWorker> outer = ConnectedTubes.over(kind, Connect.class, ToWorker.class);
                TubePair<ToWorker, FromWorker> inner = ConnectedTubes.over(kind, ToWorker.class, FromWorker.class);
                OwnedFd file = TestFiles.holding("through both")) {
            // What was sent before it travels is still there.
            inner.first().send(new ToWorker.Open("early", file, Map.of()));
            outer.first().send(new Connect("worker", inner.second()));
            inner.second().close();

            Connect connect = outer.second().receive();
            assertThat(connect.name()).isEqualTo("worker");
            try (Tube<FromWorker, ToWorker> tube = connect.tube()) {
                ToWorker.Open early = (ToWorker.Open) tube.receive();
                assertThat(TestFiles.text(early.file())).isEqualTo("through both");
                tube.send(new FromWorker.Opened(List.of(early.file())));
                Descriptors.closeAll(early);
            }
            FromWorker.Opened opened = (FromWorker.Opened) inner.first().receive();
            assertThat(TestFiles.text(opened.files().getFirst())).isEqualTo("through both");
            Descriptors.closeAll(opened);
        }
    }

    record Ends(List<Tube<Ends, Ends>> tubes, int number) {}

    @Test
    void tubesOfTubesThroughTubes() throws IOException {
        try (TubePair<Ends, Ends> first = Tube.pair(Ends.class, Ends.class);
                TubePair<Ends, Ends> second = Tube.pair(Ends.class, Ends.class);
                TubePair<Ends, Ends> third = Tube.pair(Ends.class, Ends.class)) {
            second.first().send(new Ends(List.of(third.second()), 2));
            first.first().send(new Ends(List.of(second.second()), 1));
            try (Tube<Ends, Ends> second2 = first.second().receive().tubes().getFirst();
                    Tube<Ends, Ends> third2 = second2.receive().tubes().getFirst()) {
                third.first().send(new Ends(List.of(), 3));
                assertThat(third2.receive()).isEqualTo(new Ends(List.of(), 3));
            }
        }
    }

    @Test
    void aTubeThatHasReceivedDoesNotTravelOverAStream() throws IOException {
        try (TubePair<Connect, ToWorker> outer = Tube.pair(Connect.class, ToWorker.class);
                TubePair<ToWorker, FromWorker> inner =
                        ConnectedTubes.over(SocketType.STREAM, ToWorker.class, FromWorker.class);
                TubePair<ToWorker, FromWorker> packets = Tube.pair(ToWorker.class, FromWorker.class)) {
            inner.first().send(new ToWorker.Ping());
            inner.first().send(new ToWorker.Ping());
            assertThat(inner.second().receive()).isEqualTo(new ToWorker.Ping());
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> outer.first().send(new Connect("late", inner.second())))
                    .withMessageContaining("send a tube before it receives, or use one over a UnixSeqpacket");
            assertThat(outer.second().tryReceive()).isEmpty();

            packets.first().send(new ToWorker.Ping());
            packets.first().send(new ToWorker.Count(2));
            assertThat(packets.second().receive()).isEqualTo(new ToWorker.Ping());
            outer.first().send(new Connect("with packets", packets.second()));
            try (Tube<FromWorker, ToWorker> tube = outer.second().receive().tube()) {
                assertThat(tube.receive()).isEqualTo(new ToWorker.Count(2));
            }
        }
    }

    record Carrier(Tube<ToWorker, FromWorker> tube) {}

    @Test
    void aTubeThatStoppedInTheMiddleOfAMessageDoesNotTravel() throws IOException {
        SocketPair<UnixStream> deaf = UnixStream.pair();
        try (TubePair<Carrier, Carrier> outer = Tube.pair(Carrier.class, Carrier.class);
                UnixStream peer = deaf.second();
                Tube<ToWorker, FromWorker> stuck = Tube.over(deaf.first(), ToWorker.class, FromWorker.class)) {
            assertThat(peer.isOpen()).isTrue();
            stuck.setSendTimeout(Duration.ofMillis(50));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> stuck.send(new ToWorker.Open("x".repeat(900_000), null, Map.of())));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> outer.first().send(new Carrier(stuck)))
                    .withMessageContaining("in the middle of a message");
            assertThat(outer.second().tryReceive()).isEmpty();
        }
    }
}
