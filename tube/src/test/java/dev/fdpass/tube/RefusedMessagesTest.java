package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is no message is refused, with all its descriptors closed, and the next message is received. Only who breaks the frames
 * is cut.
 */
class RefusedMessagesTest {
    static Stream<Arguments> malformed() {
        return Stream.of(SocketType.values())
                .flatMap(kind -> Stream.of(
                                Arguments.of(kind, "", 0, "No content to map due to end-of-input"),
                                Arguments.of(kind, "null", 0, "null is no message; ToWorker was expected"),
                                Arguments.of(kind, "{", 0, "Unexpected end-of-input"),
                                Arguments.of(kind, "[]", 0, "expected START_OBJECT"),
                                Arguments.of(kind, "{}", 0, "expected FIELD_NAME"),
                                Arguments.of(kind, "{\"Ping\":{}} {}", 0, "Trailing token"),
                                Arguments.of(kind, "{\"Ping\":{},\"Count\":{}}", 0, "expected closing END_OBJECT"),
                                Arguments.of(kind, "{\"Count\":{\"number\":\"5\"}}", 0, "at number: "),
                                Arguments.of(kind, "{\"Count\":{\"number\":5000000000}}", 0, "at number: "),
                                Arguments.of(kind, "{\"Count\":{\"number\":1.5}}", 0, "at number: "),
                                Arguments.of(kind, "{\"Count\":{\"number\":1,\"number\":2}}", 0, "Duplicate field"),
                                Arguments.of(kind, "{\"Mode\":\"MEDIUM\"}", 0, "not one of the values accepted"),
                                Arguments.of(
                                        kind, "{\"Mode\":1}", 0, "not allowed to deserialize Enum value out of number"),
                                // what is wrong with descriptors
                                Arguments.of(kind, "{\"Ping\":{}}", 1, "descriptor 0 is named by no member"),
                                Arguments.of(
                                        kind,
                                        "{\"Open\":{\"file\":0}}",
                                        0,
                                        "at file: descriptor 0 is named, but none came"),
                                Arguments.of(
                                        kind,
                                        "{\"Open\":{\"file\":2}}",
                                        2,
                                        "at file: descriptor 2 is named, but those that came are 0 to 1"),
                                Arguments.of(kind, "{\"Open\":{\"file\":-1}}", 1, "descriptor -1 is named"),
                                Arguments.of(
                                        kind,
                                        "{\"Open\":{\"file\":0,\"more\":{\"x\":0}}}",
                                        1,
                                        "at more.x: descriptor 0 is named twice"),
                                Arguments.of(
                                        kind,
                                        "{\"Open\":{\"file\":0,\"more\":{\"x\":2}}}",
                                        3,
                                        "descriptor 1 is named by no member"),
                                Arguments.of(kind, "{\"Open\":{\"file\":1}}", 2, "descriptor 0 is named by no member"),
                                Arguments.of(kind, "{\"Open\":{\"file\":0,\"file\":1}}", 2, "Duplicate field"),
                                Arguments.of(kind, "{\"Open\":{\"more\":{\"x\":0,\"x\":1}}}", 2, "Duplicate field"),
                                Arguments.of(
                                        kind,
                                        "{\"Open\":{\"file\":0,\"new\":1}}",
                                        2,
                                        "descriptor 1 is named by no member"),
                                Arguments.of(
                                        kind,
                                        "{\"Open\":{\"file\":\"0\"}}",
                                        1,
                                        "the index of a descriptor was expected"),
                                Arguments.of(
                                        kind, "{\"Open\":{\"file\":0.0}}", 1, "the index of a descriptor was expected"),
                                Arguments.of(
                                        kind, "{\"Open\":{\"file\":[0]}}", 1, "the index of a descriptor was expected"),
                                Arguments.of(kind, "{\"Open\":{\"file\":0", 1, "Unexpected end-of-input"))
                        // what a packet without bytes is, on which there is no end, other tests say
                        .filter(arguments -> kind == SocketType.STREAM || !arguments.get()[1].equals("")));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isRefusedAndTheNextReceived(SocketType kind, String json, int fds, String reason) throws IOException {
        try (RawPeer<FromWorker, ToWorker> peer = RawPeer.of(kind, FromWorker.class, ToWorker.class);
                OwnedFd file = TestFiles.holding("x")) {
            int before = TestFiles.open();
            peer.send(json, Collections.nCopies(fds, file).toArray(AsFd[]::new));
            MessageException thrown = catchThrowableOfType(MessageException.class, peer.tube()::receive);
            assertThat(thrown).isNotInstanceOf(UnknownMessageException.class).hasMessageContaining(reason);
            TestFiles.awaitOpen(before);

            peer.send("{\"Open\":{\"name\":\"next\",\"file\":0,\"more\":{}}}", file);
            ToWorker.Open next = (ToWorker.Open) peer.tube().receive();
            assertThat(next.name()).isEqualTo("next");
            next.file().close();
        }
    }

    @Test
    void namesThatAreUnknownAreTold() throws IOException {
        try (RawPeer<FromWorker, ToWorker> peer = RawPeer.of(SocketType.SEQPACKET, FromWorker.class, ToWorker.class);
                OwnedFd file = TestFiles.holding("x")) {
            int before = TestFiles.open();
            peer.send("{\"Close\":{\"file\":0}}", file);
            assertThatExceptionOfType(UnknownMessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessage("\"Close\" is unknown; known are [Open, Ping, Count, Mode]")
                    .satisfies(e -> assertThat(e.name()).isEqualTo("Close"));
            TestFiles.awaitOpen(before);
            peer.send("{\"Ping\":{}}");
            assertThat(peer.tube().receive()).isEqualTo(new ToWorker.Ping());
        }
    }

    @Test
    void whatAStrangerNamesIsShownShortAndOnOneLine() throws IOException {
        try (RawPeer<FromWorker, ToWorker> peer = RawPeer.of(SocketType.STREAM, FromWorker.class, ToWorker.class)) {
            peer.send("{\"a\\n\\u001b\\u202e" + "x".repeat(40_000) + "\":0}");
            assertThatExceptionOfType(UnknownMessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessageStartingWith("\"a???xxx")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700))
                    .satisfies(e -> assertThat(e.name()).startsWith("a\n").hasSize(40_004));
        }
    }

    record Checked(int age, OwnedFd file) {
        Checked {
            if (age < 0) {
                throw new IllegalArgumentException("age " + age + "; give 0 or more");
            }
        }
    }

    @Test
    void aRecordMayRefuseItself() throws IOException {
        try (RawPeer<FromWorker, Checked> peer = RawPeer.of(SocketType.STREAM, FromWorker.class, Checked.class);
                OwnedFd file = TestFiles.holding("x")) {
            int before = TestFiles.open();
            peer.send("{\"file\":0,\"age\":-1}", file);
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessageContaining("age -1; give 0 or more");
            TestFiles.awaitOpen(before);
        }
    }

    record Forgetful(String name, OwnedFd file) {
        Forgetful {
            file = null;
        }
    }

    record Opaque(Object file, List<OwnedFd> files) {}

    @Test
    void aRecordThatLosesADescriptorIsRefused() throws IOException {
        try (RawPeer<FromWorker, Forgetful> peer = RawPeer.of(SocketType.STREAM, FromWorker.class, Forgetful.class);
                OwnedFd file = TestFiles.holding("x")) {
            int before = TestFiles.open();
            peer.send("{\"file\":0}", file);
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessageContaining("descriptor 0 was taken, but the decoded message does not hold it");
            TestFiles.awaitOpen(before);
        }
    }

    @Test
    void whereAnythingIsDeclaredANumberIsANumber() throws IOException {
        try (RawPeer<FromWorker, Opaque> peer = RawPeer.of(SocketType.STREAM, FromWorker.class, Opaque.class);
                OwnedFd file = TestFiles.holding("x")) {
            int before = TestFiles.open();
            peer.send("{\"file\":0}", file);
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessageContaining("descriptor 0 is named by no member");
            TestFiles.awaitOpen(before);
        }
    }

    record Deep(List<Deep> inner, OwnedFd file) {
        static Deep of(int depth) {
            return new Deep(depth == 1 ? null : List.of(of(depth - 1)), null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE"})
    void textIsUtf8AndNothingElse(String charset) throws IOException {
        try (RawPeer<FromWorker, ToWorker> peer = RawPeer.of(SocketType.SEQPACKET, FromWorker.class, ToWorker.class)) {
            peer.raw().send(Charset.forName(charset).encode("{\"Count\":{\"number\":7}}"));
            assertThatExceptionOfType(MessageException.class).isThrownBy(peer.tube()::receive);
            peer.send("{\"Count\":{\"number\":7}}");
            assertThat(peer.tube().receive()).isEqualTo(new ToWorker.Count(7));
        }
    }

    @Test
    void whatNestsTooDeepIsNeitherSentNorReceived() throws IOException {
        try (RawPeer<Deep, Deep> peer = RawPeer.of(SocketType.STREAM, Deep.class, Deep.class);
                OwnedFd file = TestFiles.holding("x")) {
            peer.tube().send(Deep.of(JacksonCodec.USUAL_DEPTH / 2));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> peer.tube().send(Deep.of(JacksonCodec.USUAL_DEPTH / 2 + 1)))
                    .withMessageContaining("exceeds the maximum allowed (64");
            int before = TestFiles.open();
            peer.send("{\"file\":0,\"inner\":" + "[{\"inner\":".repeat(32) + "[]" + "}]".repeat(32) + "}", file);
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessageContaining("exceeds the maximum allowed (64");
            TestFiles.awaitOpen(before);
            peer.send("[".repeat(100_000));
            assertThatExceptionOfType(MessageException.class).isThrownBy(peer.tube()::receive);
        }
    }

    @Test
    void whatIsBeyondTheLimitsIsNotSent() throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(1000).maxFds(2);
        try (SocketPair<UnixStream> sockets = UnixStream.pair();
                Tube<ToWorker, ToWorker> left =
                        Tube.over(sockets.first(), ToWorker.class, ToWorker.class, limits, JacksonCodec.json());
                Tube<ToWorker, ToWorker> right = Tube.over(sockets.second(), ToWorker.class, ToWorker.class);
                OwnedFd file = TestFiles.holding("x")) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> left.send(new ToWorker.Open("x".repeat(1000), null, Map.of())));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> left.send(new ToWorker.Open("", file, Map.of("a", file, "b", file))));
            left.send(new ToWorker.Ping());
            assertThat(right.receive()).isEqualTo(new ToWorker.Ping());
        }
    }

    @Test
    void whoIsBeyondTheLimitsOrBreaksTheFramesIsCut() throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(1000).maxFds(2);
        List<ThrowingSend> offences = List.of(raw -> raw.send(ByteBuffer.allocate(1001)), raw -> {
            try (OwnedFd file = TestFiles.holding("x")) {
                raw.send(ByteBuffer.allocate(1), file, file, file);
            }
        });
        for (ThrowingSend offence : offences) {
            int before = TestFiles.open();
            try (SocketPair<UnixStream> sockets = UnixStream.pair();
                    FramedChannel raw = FramedChannel.over(sockets.first());
                    Tube<ToWorker, ToWorker> tube =
                            Tube.over(sockets.second(), ToWorker.class, ToWorker.class, limits, JacksonCodec.json())) {
                offence.to(raw);
                assertThatExceptionOfType(FrameException.class).isThrownBy(tube::receive);
                assertThat(tube.isOpen()).isFalse();
            }
            TestFiles.awaitOpen(before);
        }
        try (SocketPair<UnixStream> sockets = UnixStream.pair();
                FramedChannel raw = FramedChannel.over(sockets.first(), Framing.nulTerminated());
                Tube<ToWorker, ToWorker> tube = Tube.over(sockets.second(), ToWorker.class, ToWorker.class);
                OwnedFd file = TestFiles.holding("x")) {
            raw.send(ByteBuffer.wrap("{\"Ping\":{}}".getBytes(java.nio.charset.StandardCharsets.UTF_8)), file);
            assertThatExceptionOfType(FrameException.class).isThrownBy(tube::receive);
            assertThat(tube.isOpen()).isFalse();
        }
    }

    private interface ThrowingSend {
        void to(FramedChannel raw) throws IOException;
    }
}
