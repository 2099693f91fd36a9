package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException.Reason;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not keep to the protocol or the limits is cut, and everything that came from him is closed. */
class CutOffendersTest {
    private static final FrameLimits LIMITS = FrameLimits.DEFAULT.maxBytes(100).maxFds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the offender sends. */
    private interface Offence {
        void by(UnixStream peer) throws IOException;
    }

    private static void assertCut(Wire wire, FrameLimits limits, Reason reason, Offence offence) throws Exception {
        assertCut(wire, limits, reason, offence, message -> {});
    }

    private static void assertCut(
            Wire wire, FrameLimits limits, Reason reason, Offence offence, Consumer<String> message) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing(), limits)) {
            peer.send(ByteBuffer.wrap(wire.frame(0, 0)));
            try (Frame good = channel.receive()) {
                assertThat(good.isEndOfStream()).isFalse();
            }
            int before = OpenFiles.count();
            offence.by(peer);
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> receiveAll(channel))
                    .satisfies(e -> {
                        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
                        message.accept(e.getMessage());
                    });
            OpenFiles.awaitCount(before - 1); // the socket
            assertThat(channel.isOpen()).isFalse();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::receive);
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::tryReceive);
            assertThatExceptionOfType(ClosedChannelException.class)
                    .isThrownBy(() -> channel.send(ByteBuffer.wrap(Wire.content(0, 0))));
            assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> peer.send(ByteBuffer.allocate(1)));
        }
    }

    private static void receiveAll(FramedChannel channel) throws IOException {
        channel.setReceiveTimeout(PATIENCE);
        boolean isEnd = false;
        while (!isEnd) {
            try (Frame frame = channel.receive()) {
                isEnd = frame.isEndOfStream();
            }
        }
    }

    private static AsFd[] some(Memfds files, int count) {
        AsFd[] fds = new AsFd[count];
        Arrays.setAll(fds, i -> files.get(0));
        return fds;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R21: a frame of more bytes than the limit is cut before they have come")
    void tooManyBytes(Wire wire) throws Exception {
        byte[] frame = wire.frame(Wire.content(1, 2, 1000), 2);
        try (Memfds files = new Memfds(1)) {
            assertCut(
                    wire,
                    LIMITS,
                    Reason.TOO_MANY_BYTES,
                    peer -> peer.send(ByteBuffer.wrap(frame, 0, 150), some(files, 2)),
                    message -> assertThat(message).contains("100"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R21: a frame of more descriptors than the limit is cut")
    void tooManyDescriptors(Wire wire) throws Exception {
        byte[] frame = wire.frame(1, 4);
        try (Memfds files = new Memfds(1)) {
            assertCut(
                    wire,
                    LIMITS,
                    Reason.TOO_MANY_FDS,
                    peer -> peer.send(ByteBuffer.wrap(frame), some(files, 4)),
                    message -> assertThat(message).contains("4 descriptors").contains("the limit is 3"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HEADER", "NUL"})
    @DisplayName("R21: descriptors that come one by one with a frame that does not end are cut at the limit")
    void tooManyDescriptorsOfAnUnfinishedFrame(Wire wire) throws Exception {
        byte[] frame = wire.frame(1, 3);
        try (Memfds files = new Memfds(1)) {
            assertCut(wire, LIMITS, Reason.TOO_MANY_FDS, peer -> {
                for (int i = 0; i < 4; i++) {
                    peer.send(ByteBuffer.wrap(frame, i, 1), files.get(0));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "{\"a\":1,", "{}"})
    @DisplayName("R21: descriptors that wait for a frame to belong to are cut at the limit of those pending")
    void tooManyPending(String text) throws Exception {
        try (Memfds files = new Memfds(1)) {
            assertCut(
                    Wire.JSON,
                    LIMITS.maxPendingFds(1000),
                    Reason.TOO_MANY_FDS,
                    peer -> {
                        for (int i = 0; i < 4; i++) {
                            peer.send(Text.buffer(i == 0 ? text : " "), some(files, 253));
                        }
                    },
                    message -> assertThat(message).contains("1012").contains("1000"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R21: a frame that is begun and not finished in time is cut, while others are served")
    void unfinished(Wire wire) throws Exception {
        int most = 0;
        long begin = System.nanoTime();
        // The thread that serves may be the one that has no processor just then.
        while (most <= 100 && System.nanoTime() - begin < PATIENCE.toNanos()) {
            most = Math.max(most, servedWhileAnotherIsUnfinished(wire));
        }
        assertThat(most).as("frames of the neighbour meanwhile").isGreaterThan(100);
    }

    private static int servedWhileAnotherIsUnfinished(Wire wire) throws Exception {
        byte[] frame = wire.frame(1, 2);
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> good = UnixStream.pair();
                FramedChannel client = FramedChannel.over(good.first(), wire.framing());
                FramedChannel server = FramedChannel.over(good.second(), wire.framing());
                Background<Long> offender = Background.run(() -> {
                    long begin = System.nanoTime();
                    assertCut(
                            wire,
                            LIMITS.maxUnfinished(Duration.ofMillis(700)),
                            Reason.UNFINISHED,
                            peer -> peer.send(ByteBuffer.wrap(frame, 0, 5), files.first(2)),
                            message -> assertThat(message).contains("5 bytes and 2 descriptors"));
                    return System.nanoTime() - begin;
                })) {
            int served = 0;
            while (!offender.isDone()) {
                client.send(ByteBuffer.wrap(Wire.content(served, 0)));
                try (Frame served1 = server.receive()) {
                    assertThat(Wire.bytes(served1.data())).isEqualTo(Wire.content(served, 0));
                }
                served++;
            }
            assertThat(Duration.ofNanos(offender.get())).isBetween(Duration.ofMillis(700), PATIENCE);
            return served;
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R21: one byte at a time, each in time, does not make a frame last")
    void dripping(Wire wire) throws Exception {
        byte[] frame = wire.frame(Wire.content(1, 0, 1000), 0); // which takes 50 s
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(
                        pair.second(), wire.framing(), FrameLimits.DEFAULT.maxUnfinished(Duration.ofMillis(300)));
                Background<Integer> dripping = Background.run(() -> {
                    int sent = 0;
                    try {
                        for (int i = 0; i < frame.length - 1; i++) {
                            peer.send(ByteBuffer.wrap(frame, i, 1));
                            sent++;
                            Thread.sleep(50);
                        }
                    } catch (ErrnoException e) {
                        // it was cut
                    }
                    return sent;
                })) {
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNFINISHED));
            assertThat(dripping.get()).isLessThan(frame.length - 1);
        }
    }

    @Test
    void anAttemptFindsTooThatTheTimeIsOver() throws Exception {
        assertCut(Wire.HEADER, LIMITS.maxUnfinished(Duration.ofMillis(30)), Reason.UNFINISHED, peer -> {
            peer.send(ByteBuffer.wrap(Wire.HEADER.frame(1, 0), 0, 3));
        });
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                // Of which less has passed when an attempt that finds a part ends.
                FramedChannel channel = FramedChannel.over(
                        pair.second(), Framing.lengthHeader(), LIMITS.maxUnfinished(Duration.ofSeconds(1)))) {
            byte[] frame = Wire.HEADER.frame(1, 0);
            pair.first().send(ByteBuffer.wrap(frame, 0, 3));
            assertThat(channel.tryReceive()).isEmpty();
            Thread.sleep(1001);
            pair.first().send(ByteBuffer.wrap(frame, 3, frame.length - 3));
            channel.tryReceive().orElseThrow().close(); // what is there in full is not late
            pair.first().send(ByteBuffer.wrap(frame, 0, 3));
            assertThat(channel.tryReceive()).isEmpty();
            Thread.sleep(1001);
            assertThatExceptionOfType(FrameException.class).isThrownBy(channel::tryReceive);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anotherNumberOfDescriptorsThanTheHeaderSays(int came) throws Exception {
        try (Memfds files = new Memfds(1)) {
            assertCut(
                    Wire.HEADER,
                    LIMITS,
                    Reason.FD_COUNT,
                    peer -> peer.send(ByteBuffer.wrap(Wire.HEADER.frame(1, 2)), some(files, came)),
                    message -> assertThat(message)
                            .contains(came + " descriptors came")
                            .contains("has 2"));
        }
    }

    @Test
    void theNextJsonObjectBeforeAllDescriptorsOfTheFirst() throws Exception {
        try (Memfds files = new Memfds(1)) {
            assertCut(
                    Wire.JSON,
                    LIMITS,
                    Reason.FD_COUNT,
                    peer -> {
                        peer.send(Text.buffer("{\"fds\":3}  "), files.get(0));
                        peer.send(Text.buffer(" {}"), files.get(0));
                    },
                    message -> assertThat(message).contains("has 3").contains("2 had come"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R21: a stream that ends in the middle of a frame is no end between frames")
    void theEndInAFrame(Wire wire) throws Exception {
        byte[] frame = wire.frame(1, 2);
        try (Memfds files = new Memfds(1)) {
            for (int cut = 1; cut < frame.length; cut++) {
                int end = cut;
                assertCut(
                        wire,
                        LIMITS,
                        Reason.ENDED_IN_FRAME,
                        peer -> {
                            peer.send(ByteBuffer.wrap(frame, 0, end), some(files, 2));
                            peer.shutdownOutput();
                        },
                        message -> assertThat(message).contains(end + " bytes and 2 descriptors"));
            }
        }
    }

    @Test
    void theEndBeforeAllDescriptorsOrBehindSomeThatNobodyClaimed() throws Exception {
        try (Memfds files = new Memfds(1)) {
            assertCut(Wire.JSON, LIMITS, Reason.ENDED_IN_FRAME, peer -> {
                peer.send(Text.buffer("{\"fds\":2}"), files.get(0));
                peer.shutdownOutput();
            });
            assertCut(Wire.JSON, LIMITS, Reason.ENDED_IN_FRAME, peer -> {
                peer.send(Text.buffer("{}"), files.get(0));
                peer.shutdownOutput();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "Fx", "Fd\2", "Fd\1\1", "GET / HTTP/1.1"})
    void whatIsNoHeader(String text) throws Exception {
        assertCut(
                Wire.HEADER,
                LIMITS,
                Reason.MALFORMED,
                peer -> peer.send(Text.buffer(text)),
                message -> assertThat(message).contains("same framing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "[", "{\"a\":1,}", "{\"fds\":1.5}", "{\"fds\":0,\"fds\":0}", "{}}"})
    void whatIsNoJson(String text) throws Exception {
        assertCut(Wire.JSON, LIMITS, Reason.MALFORMED, peer -> peer.send(Text.buffer(text)));
    }

    @Test
    void jsonThatIsTooDeep() throws Exception {
        assertCut(
                Wire.JSON,
                FrameLimits.DEFAULT,
                Reason.MALFORMED,
                peer -> peer.send(Text.buffer("{\"a\":" + "[".repeat(512))),
                message -> assertThat(message).contains("512"));
    }

    @Test
    void whitespaceWithoutEndIsNoFrameAndTakesNoMemory() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.selfDelimitingJson(), LIMITS)) {
            for (int i = 0; i < 100; i++) {
                pair.first().send(Text.buffer(" \n\t\r".repeat(1000)));
                assertThat(channel.tryReceive()).isEmpty();
            }
            pair.first().send(Text.buffer(" {} "));
            try (Frame frame = channel.receive()) {
                assertThat(frame.bytes()).isEqualTo(2);
            }
            pair.first().shutdownOutput();
            try (Frame end = channel.receive()) {
                assertThat(end.isEndOfStream()).isTrue();
            }
        }
    }

    @Test
    @DisplayName(
            "R21: whitespace that brings no descriptors takes no memory either, and a frame does not wait for them for good")
    void whitespaceInsteadOfDescriptors() throws Exception {
        try (Memfds files = new Memfds(1)) {
            assertCut(
                    Wire.JSON,
                    LIMITS.maxUnfinished(Duration.ofMillis(200)),
                    Reason.UNFINISHED,
                    peer -> {
                        peer.send(Text.buffer("{\"fds\":2}"), files.get(0));
                        peer.send(Text.buffer(" ".repeat(50_000)));
                    },
                    message -> assertThat(message).contains("of which 9 bytes and 1 descriptors"));
        }
    }

    @Test
    @DisplayName("R21: descriptors that wait for a frame to belong to do not wait for good")
    void descriptorsWithoutAFrame() throws Exception {
        try (Memfds files = new Memfds(1)) {
            FrameLimits limits = LIMITS.maxUnfinished(Duration.ofMillis(100));
            assertCut(
                    Wire.JSON,
                    limits,
                    Reason.UNFINISHED,
                    peer -> {
                        peer.send(Text.buffer(" "), some(files, 253));
                        peer.send(Text.buffer(" "), some(files, 253));
                    },
                    message -> assertThat(message).contains("506 descriptors"));
            assertCut(
                    Wire.JSON,
                    limits,
                    Reason.UNFINISHED,
                    peer -> peer.send(Text.buffer("{}"), files.get(0)),
                    message -> assertThat(message).contains("1 descriptors"));
        }
    }

    @Test
    @DisplayName("R21: frames that leave descriptors unclaimed do not make these last")
    void descriptorsThatNoFrameClaims() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(
                        pair.second(), Framing.selfDelimitingJson(), LIMITS.maxUnfinished(Duration.ofMillis(300)))) {
            pair.first().send(Text.buffer("{}"), files.get(0));
            channel.receive().close();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> {
                        while (System.nanoTime() < deadline) {
                            assertThat(channel.tryReceive()).isEmpty();
                            pair.first().send(Text.buffer("{}"));
                            channel.receive().close();
                            Thread.sleep(20);
                        }
                    })
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNFINISHED));
        }
    }

    @Test
    @DisplayName("R21: who is cut has a thread that sends to it woken, and frames that were received stay")
    void aSenderIsWoken() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.lengthHeader(), LIMITS)) {
            peer.send(ByteBuffer.wrap(Wire.HEADER.frame(1, 1)), files.get(0));
            try (Frame kept = channel.receive();
                    Background<Integer> sending = Background.blocked(() -> {
                        while (true) {
                            channel.send(ByteBuffer.allocate(100));
                        }
                    })) {
                peer.send(Text.buffer("nonsense"));
                assertThatExceptionOfType(FrameException.class).isThrownBy(channel::receive);
                assertThat(sending.failure()).isInstanceOf(ClosedChannelException.class);
                try (var fd = kept.takeFd(0)) {
                    assertThat(fd.info().isSameFile(files.get(0).asFd().info())).isTrue();
                }
            }
        }
    }

    @Test
    @DisplayName("R21: a seqpacket offender is cut too")
    void seqpacket() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = SocketType.SEQPACKET.pair();
                ScmSocket peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.lengthHeader(), LIMITS)) {
            int before = OpenFiles.count();
            peer.send(ByteBuffer.allocate(101), some(files, 2));
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(channel::receive)
                    .withMessageContaining("a packet of 101 bytes; the limit is 100");
            OpenFiles.awaitCount(before - 1);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("R21: of datagrams, which anybody can send, the bad one is dropped and the next one comes")
    void datagram() throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = SocketType.DATAGRAM.pair();
                ScmSocket peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.lengthHeader(), LIMITS)) {
            int before = OpenFiles.count();
            peer.send(ByteBuffer.allocate(101), some(files, 2));
            peer.send(ByteBuffer.allocate(1), some(files, 4));
            peer.send(ByteBuffer.allocate(2), some(files, 1));
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_BYTES));
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_FDS));
            OpenFiles.awaitCount(before);
            try (Frame frame = channel.receive()) {
                assertThat(frame.bytes()).isEqualTo(2);
                assertThat(frame.fdCount()).isEqualTo(1);
            }
            peer.send(ByteBuffer.allocate(3));
            try (Received unused = peer.tryReceive(1, 0).orElse(null)) {
                assertThat(unused).isNull();
            }
        }
    }
}
