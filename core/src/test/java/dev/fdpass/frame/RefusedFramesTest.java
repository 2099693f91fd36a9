package dev.fdpass.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.EventFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no frame is refused before a byte of it goes, and the next one goes. */
class RefusedFramesTest {
    private static void assertRefused(Framing framing, String text, int fds, String reason) throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(100).maxFds(3);
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), framing, limits);
                FramedChannel right = FramedChannel.over(pair.second(), framing, limits);
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(200)) {
            EventFd[] bells = new EventFd[fds];
            java.util.Arrays.fill(bells, bell);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> left.send(Text.buffer(text), bells))
                    .withMessageContaining(reason);
            message.data().put(text.getBytes(UTF_8));
            for (EventFd each : bells) {
                message.addFd(each);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> left.trySend(message))
                    .withMessageContaining(reason);
            assertThat(message.isPartlySent()).isFalse();
            String good = "{\"fds\":1,\"handles\":1}";
            left.send(Text.buffer(good), bell);
            try (Frame frame = right.receive()) {
                assertThat(Text.of(frame.data())).isEqualTo(good);
            }
        }
    }

    @Test
    void moreBytesThanTheLimit() throws IOException {
        assertRefused(Framing.lengthHeader(), "x".repeat(101), 0, "101 bytes; the limit is 100");
    }

    @Test
    void moreDescriptorsThanTheLimit() throws IOException {
        assertRefused(Framing.lengthHeader(), "x", 4, "4 descriptors; the limit is 3");
    }

    @Test
    void aNulInWhatEndsWithNul() throws IOException {
        assertRefused(Framing.nulTerminated(), "abc\0def", 0, "byte 3 is NUL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[1]",
                "1",
                "{",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} x",
                "{a:1}",
                "{\"fds\":\"1\"}",
                "{\"fds\":-1}",
                "{\"fds\":1.0}",
                "{\"fds\":1e0}",
                "{\"fds\":null}",
                "{\"fds\":[1]}",
                "{\"fds\":0,\"fds\":0}",
                "{\"a\":tru}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":[1 2]}",
                "{\"a\":]}",
                "{\"a\":[1}}"
            })
    void whatIsNotOneJsonObject(String text) throws IOException {
        assertRefused(Framing.selfDelimitingJson(), text, 0, "");
    }

    @Test
    void anObjectThatSaysAnotherNumberOfDescriptors() throws IOException {
        assertRefused(
                Framing.selfDelimitingJson(), "{\"fds\":1}", 2, "says that it has 1 descriptors; 2 are to be sent");
        assertRefused(
                Framing.selfDelimitingJson(), "{\"fds\":1}", 0, "says that it has 1 descriptors; 0 are to be sent");
        assertRefused(Framing.selfDelimitingJson(), "{\"x\":{\"fds\":1}}", 1, "says that it has 0 descriptors");
        assertRefused(Framing.selfDelimitingJson("handles"), "{\"fds\":1}", 1, "says that it has 0 descriptors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " \n{ }\t",
                "{\"a\":{\"fds\":7},\"b\":[{\"fds\":8}],\"c\":\"\\\"fds\\\":9\"}",
                "{\"a\":[[],[[]],{}],\"b\":-1.5e+3,\"c\":[true,false,null]}",
                "{\"d\":\"\\\\\",\"e\":\"\\u0022\"}",
                "{\"\\u0066d\":1,\"fds \":1,\"fd\":1,\"Fds\":1}",
                "{\"ä€😀\":\"ä€😀\"}",
                "{\"fds\":0}",
                "{\"fds\":000}"
            })
    void othersGoAndComeAsTheyAre(String text) throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.selfDelimitingJson());
                FramedChannel right = FramedChannel.over(pair.second(), Framing.selfDelimitingJson())) {
            left.send(Text.buffer(text));
            left.send(Text.buffer(text));
            for (int i = 0; i < 2; i++) {
                try (Frame frame = right.receive()) {
                    assertThat(Text.of(frame.data())).isEqualTo(text.strip());
                }
            }
        }
    }

    @Test
    void aNameIsTheSameHoweverItIsEscaped() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first(), Framing.selfDelimitingJson());
                FramedChannel right = FramedChannel.over(pair.second(), Framing.selfDelimitingJson());
                EventFd bell = EventFd.create()) {
            left.send(Text.buffer("{\"\\u0066\\u0064s\":2}"), bell, bell);
            try (Frame frame = right.receive()) {
                assertThat(frame.fdCount()).isEqualTo(2);
            }
        }
    }

    @Test
    void aHeapBufferCannotBeAddedAndAReceivedMessageCannotBeSent() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                FrameMessage message = FrameMessage.allocate(10)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> message.addBuffer(ByteBuffer.allocate(1)))
                    .withMessageContaining("heap");
            left.send(ByteBuffer.allocate(5));
            assertThat(right.receive(message)).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> right.send(message))
                    .withMessageContaining("clear()");
            message.clear();
            right.send(message);
        }
    }

    @Test
    @DisplayName("S03 S11: a frame with a closed descriptor is refused, which is named, and the next frame goes")
    void aClosedDescriptorIsNamed() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second())) {
            EventFd closed = EventFd.create();
            closed.close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> left.send(ByteBuffer.allocate(1), closed))
                    .withMessageContaining("descriptor 0");
            left.send(ByteBuffer.allocate(2));
            try (Frame frame = right.receive()) {
                assertThat(frame.bytes()).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    void anAddressWhereNothingGoesToAnAddress(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                FrameMessage message = FrameMessage.allocate(10)) {
            message.data().put((byte) 1);
            message.to(UnixAddress.of("@somebody-else"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> left.send(message))
                    .withMessageContaining("@somebody-else")
                    .withMessageContaining("UnixDatagram");
            assertThat(right.tryReceive()).isEmpty();
            message.to(UnixAddress.unnamed());
            left.send(message);
            try (Frame frame = right.receive()) {
                assertThat(frame.bytes()).isEqualTo(1);
            }
        }
    }

    @Test
    @DisplayName("an empty frame without descriptors is refused where it would read as the end, and nowhere else")
    void whatWouldReadAsTheEnd() throws IOException {
        for (SocketType type : SocketType.values()) {
            try (SocketPair<? extends ScmSocket> pair = type.pair();
                    FramedChannel left = FramedChannel.over(pair.first());
                    FramedChannel right = FramedChannel.over(pair.second());
                    FrameMessage message = FrameMessage.allocate(10)) {
                if (type == SocketType.SEQPACKET) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> left.send(message))
                            .withMessageContaining("at least one byte");
                    assertThatIllegalArgumentException().isThrownBy(() -> left.send(ByteBuffer.allocate(0)));
                } else {
                    left.send(message);
                    left.send(ByteBuffer.allocate(0));
                    for (int i = 0; i < 2; i++) {
                        try (Frame frame = right.receive()) {
                            assertThat(frame.bytes()).isZero();
                        }
                    }
                }
                assertThat(right.tryReceive()).isEmpty();
            }
        }
    }

    @Test
    void limitsAndFramingsSayWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameLimits.DEFAULT.maxBytes(0))
                .withMessageContaining("1 to");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameLimits.DEFAULT.maxFds(2025))
                .withMessageContaining("2024");
        assertThatIllegalArgumentException().isThrownBy(() -> FrameLimits.DEFAULT.maxBufferedBytes(15));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameLimits.DEFAULT.maxUnfinished(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.selfDelimitingJson(""));
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.selfDelimitingJson("a\"b"));
        assertThatIllegalArgumentException().isThrownBy(() -> FrameMessage.allocate(-1));
        assertThat(FrameLimits.DEFAULT.maxFds(1000).maxPendingFds()).isEqualTo(1253);
    }
}
