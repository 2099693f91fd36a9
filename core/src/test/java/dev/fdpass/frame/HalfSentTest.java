package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.EventFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.testing.Background;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A frame that does not fit into the socket goes in parts, once, and nothing comes between them. */
class HalfSentTest {
    private static final int LARGE = 300_000;

    private static SocketPair<UnixStream> narrowPair() throws IOException {
        SocketPair<UnixStream> pair = UnixStream.pair();
        long set = pair.first().asFd().use(number -> SocketOptions.set(number, SocketConstants.SO_SNDBUF, 4096));
        assertThat(set).isZero();
        return pair;
    }

    private static void fill(FrameMessage message, int fds, EventFd bell) {
        message.data().put(Wire.content(1, fds, LARGE));
        for (int i = 0; i < fds; i++) {
            message.addFd(bell);
        }
    }

    private static void assertLarge(Frame frame, int fds) {
        try (frame) {
            assertThat(Wire.bytes(frame.data())).isEqualTo(Wire.content(1, fds, LARGE));
            assertThat(frame.fdCount()).isEqualTo(fds);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSendWaitsForTheReceiverAsOftenAsItTakes(Wire wire) throws Exception {
        int fds = wire == Wire.NUL ? 253 : 600;
        FrameLimits limits = FrameLimits.DEFAULT.maxFds(600);
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first(), wire.framing(), limits);
                FramedChannel right = FramedChannel.over(pair.second(), wire.framing(), limits);
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(LARGE + 100)) {
            fill(message, fds, bell);
            try (Background<Integer> sending = Background.blocked(() -> {
                left.send(message);
                left.send(message);
                left.send(ByteBuffer.wrap(Wire.content(2, 0)));
                return 3;
            })) {
                assertLarge(right.receive(), fds);
                assertLarge(right.receive(), fds);
                try (Frame last = right.receive()) {
                    assertThat(Wire.bytes(last.data())).isEqualTo(Wire.content(2, 0));
                }
                assertThat(sending.get()).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S05: a frame whose send timed out goes on where it stopped; its descriptors went once")
    void isResumed(Wire wire) throws Exception {
        int fds = wire == Wire.NUL ? 253 : 600;
        FrameLimits limits = FrameLimits.DEFAULT.maxFds(600);
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first(), wire.framing(), limits);
                FramedChannel right = FramedChannel.over(pair.second(), wire.framing(), limits);
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(LARGE + 100)) {
            fill(message, fds, bell);
            left.setSendTimeout(Duration.ofMillis(20));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> left.send(message));
            assertThat(message.isPartlySent()).isTrue();

            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> left.send(ByteBuffer.wrap(Wire.content(2, 0))))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FrameException.Reason.HALF_SENT));
            assertThatIllegalStateException().isThrownBy(() -> message.addFd(bell));
            message.data().position(7);
            assertThatIllegalStateException().isThrownBy(() -> left.trySend(message));
            message.data().position(Wire.content(1, fds, LARGE).length);
            assertThatIllegalStateException().isThrownBy(() -> right.trySend(message));

            int attempts = 0;
            while (!left.trySend(message)) {
                assertThat(message.isPartlySent()).isTrue();
                assertThat(right.tryReceive()).isEmpty();
                attempts++;
            }
            assertThat(attempts).isPositive();
            assertThat(message.isPartlySent()).isFalse();
            assertLarge(right.receive(), fds);
            left.send(ByteBuffer.wrap(Wire.content(2, 0)));
            try (Frame next = right.receive()) {
                assertThat(Wire.bytes(next.data())).isEqualTo(Wire.content(2, 0));
            }
        }
    }

    @Test
    @DisplayName("S08: to close a descriptor of a later part waits for no receiver; it is named, and nothing follows")
    @SuppressWarnings("try") // what is closed early is what this is about
    void oneIsClosedWhileThoseBeforeItAreSent() throws Exception {
        FrameLimits limits = FrameLimits.DEFAULT.maxFds(600);
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.selfDelimitingJson(), limits);
                FramedChannel right = FramedChannel.over(pair.second(), Framing.selfDelimitingJson(), limits);
                EventFd bell = EventFd.create();
                EventFd closed = EventFd.create();
                FrameMessage message = FrameMessage.allocate(LARGE + 100)) {
            fill(message, 513, bell);
            message.addFd(closed);
            for (int i = 514; i < 600; i++) {
                message.addFd(bell);
            }
            message.data().clear().put(Wire.content(1, 600, LARGE));
            try (Background<Integer> sending = Background.blocked(() -> {
                left.send(message);
                return 1;
            })) {
                closed.close();
                assertThat(sending.isDone()).isFalse();
                while (!sending.isDone()) {
                    assertThat(right.tryReceive()).isEmpty();
                }
                assertThat(sending.failure())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("descriptor 513 of 600")
                        .hasMessageContaining("close the channel");
            }
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> left.send(ByteBuffer.wrap(Wire.content(2, 0))))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FrameException.Reason.HALF_SENT));
            left.close();
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(right::receive)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FrameException.Reason.ENDED_IN_FRAME));
        }
    }

    @Test
    void whatIsNotResumedLetsNothingFollow() throws Exception {
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(LARGE + 100)) {
            fill(message, 1, bell);
            assertThat(left.trySend(message)).isFalse();
            message.clear();
            message.data().put((byte) 1);
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> left.send(message))
                    .withMessageContaining("sent in part");
            right.send(message); // the other direction is not concerned
            try (Frame frame = left.receive()) {
                assertThat(frame.bytes()).isEqualTo(1);
            }
        }
    }

    @Test
    @SuppressWarnings("try")
    void theConvenientSendThatTimesOutLetsNothingFollow() throws Exception {
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second())) {
            left.setSendTimeout(Duration.ofMillis(20));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> left.send(ByteBuffer.allocate(LARGE)));
            assertThatExceptionOfType(FrameException.class).isThrownBy(() -> left.send(ByteBuffer.allocate(1)));
            left.close();
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(right::receive)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FrameException.Reason.ENDED_IN_FRAME));
        }
    }

    @Test
    void whatDidNotBeginChangesNothing() throws Exception {
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                FrameMessage message = FrameMessage.allocate(1000)) {
            message.data().position(1000);
            int sent = 0;
            while (left.trySend(message)) {
                sent++;
            }
            assertThat(message.isPartlySent()).isFalse();
            for (int i = 0; i < sent; i++) {
                right.receive().close();
            }
            left.send(ByteBuffer.allocate(1));
            try (Frame frame = right.receive()) {
                assertThat(frame.bytes()).isEqualTo(1);
            }
        }
    }

    @Test
    void largeBuffersOfTheCallerFollowTheData() throws Exception {
        ByteBuffer large = ByteBuffer.allocateDirect(100_000);
        for (int i = 0; i < large.limit(); i++) {
            large.put(i, (byte) (i * 31));
        }
        try (SocketPair<UnixStream> pair = narrowPair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                FrameMessage message = FrameMessage.allocate(10)) {
            message.data().put((byte) 42);
            message.addBuffer(large.limit(60_000))
                    .addBuffer(large.limit(100_000).position(60_000));
            try (Background<Integer> sending = Background.run(() -> {
                left.send(message);
                left.send(large.position(0));
                return large.position();
            })) {
                try (Frame frame = right.receive()) {
                    assertThat(frame.bytes()).isEqualTo(100_001);
                    assertThat(frame.data().get()).isEqualTo((byte) 42);
                    assertThat(frame.data()).isEqualTo(large.duplicate().position(0));
                }
                try (Frame frame = right.receive()) {
                    assertThat(frame.data()).isEqualTo(large.duplicate().position(0));
                }
                assertThat(sending.get()).isEqualTo(100_000);
            }
        }
    }
}
