package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent as a frame is received as that frame, over every socket and with every framing. */
class FrameRoundTripTest {
    static Stream<Arguments> socketsAndFramings() {
        return Stream.of(SocketType.values())
                .flatMap(
                        type -> Stream.of(Framing.lengthHeader(), Framing.nulTerminated(), Framing.selfDelimitingJson())
                                .map(framing -> Arguments.of(type, framing)));
    }

    private static FramedChannel channel(ScmSocket socket, Framing framing) {
        return FramedChannel.over(socket, framing);
    }

    /** A frame with any framing. */
    private static ByteBuffer text(int number, int fds) {
        return Text.buffer("{\"number\": " + number + ", \"fds\": " + fds + "}");
    }

    @ParameterizedTest
    @MethodSource("socketsAndFramings")
    void eachFrameHasItsOwnDescriptors(SocketType type, Framing framing) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = channel(pair.first(), framing);
                FramedChannel right = channel(pair.second(), framing)) {
            int[] counts = {0, 1, 0, 0, 2, 5, 1, 0, 3};
            List<EventFd> bells = new ArrayList<>();
            try {
                for (int i = 0; i < counts.length; i++) {
                    AsFd[] fds = new AsFd[counts[i]];
                    for (int k = 0; k < fds.length; k++) {
                        EventFd bell = EventFd.create(100 * i + k + 1);
                        bells.add(bell);
                        fds[k] = bell;
                    }
                    left.send(text(i, fds.length), fds);
                }
                for (int i = 0; i < counts.length; i++) {
                    try (Frame frame = right.receive()) {
                        assertThat(frame.data()).isEqualTo(text(i, counts[i]));
                        assertThat(frame.fdCount()).isEqualTo(counts[i]);
                        for (int k = 0; k < counts[i]; k++) {
                            try (EventFd bell = EventFd.adopt(frame.takeFd(k))) {
                                assertThat(bell.read()).isEqualTo(100 * i + k + 1);
                            }
                        }
                    }
                }
                assertThat(right.tryReceive()).isEmpty();
            } finally {
                for (EventFd bell : bells) {
                    bell.close();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("socketsAndFramings")
    void aReusableMessageGoesThereAndBack(SocketType type, Framing framing) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = channel(pair.first(), framing);
                FramedChannel right = channel(pair.second(), framing);
                EventFd bell = EventFd.create();
                FrameMessage out = FrameMessage.allocate(64);
                FrameMessage in = FrameMessage.allocate(0)) {
            for (int i = 0; i < 5; i++) {
                out.data().put(text(i, 1));
                out.addFd(bell);
                left.send(out);
                out.clear();
                assertThat(right.receive(in)).isTrue();
                assertThat(in.data()).isEqualTo(text(i, 1));
                assertThat(in.fdCount()).isEqualTo(1);
                try (OwnedFd taken = in.takeFd(0)) {
                    assertThat(taken.isOpen()).isTrue();
                }
            }
            assertThat(right.tryReceive(in)).isEqualTo(TryResult.WOULD_BLOCK);
            assertThat(in.fdCount()).isZero();
        }
    }

    static Stream<Arguments> connectionsAndFramings() {
        return socketsAndFramings().filter(arguments -> arguments.get()[0] != SocketType.DATAGRAM);
    }

    @ParameterizedTest
    @MethodSource("connectionsAndFramings")
    void theEndComesBehindTheLastFrame(SocketType type, Framing framing) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = channel(pair.first(), framing);
                FramedChannel right = channel(pair.second(), framing);
                FrameMessage in = FrameMessage.allocate(0)) {
            left.send(text(1, 0));
            left.shutdownOutput();
            try (Frame frame = right.receive()) {
                assertThat(frame.isEndOfStream()).isFalse();
            }
            try (Frame end = right.receive()) {
                assertThat(end.isEndOfStream()).isTrue();
                assertThat(end.bytes()).isEqualTo(-1);
            }
            assertThat(right.receive(in)).isFalse();
            assertThat(in.isEndOfStream()).isTrue();
            assertThat(right.tryReceive().map(Frame::isEndOfStream)).isEqualTo(Optional.of(true));
            right.send(text(2, 0));
            try (Frame frame = left.receive()) {
                assertThat(frame.data()).isEqualTo(text(2, 0));
            }
        }
    }

    @Test
    void anEmptyFrameMayHaveDescriptors() throws IOException {
        for (SocketType type : SocketType.values()) {
            for (Framing framing : List.of(Framing.lengthHeader(), Framing.nulTerminated())) {
                try (SocketPair<? extends ScmSocket> pair = type.pair();
                        FramedChannel left = channel(pair.first(), framing);
                        FramedChannel right = channel(pair.second(), framing);
                        EventFd bell = EventFd.create()) {
                    left.send(ByteBuffer.allocate(0), bell, bell);
                    try (Frame frame = right.receive()) {
                        assertThat(frame.bytes()).isZero();
                        assertThat(frame.fdCount()).isEqualTo(2);
                    }
                }
            }
        }
    }
}
