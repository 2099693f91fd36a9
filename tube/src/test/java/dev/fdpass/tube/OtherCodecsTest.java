package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A codec of one's own, or a mapper of another format. */
class OtherCodecsTest {
    @Test
    void cborByJackson() throws IOException {
        JacksonCodec cbor = JacksonCodec.of(CBORMapper.builder()
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build());
        try (TubePair<ToWorker, FromWorker> pair = pair(cbor);
                OwnedFd file = TestFiles.holding("x")) {
            pair.first().send(new ToWorker.Open("log", file, Map.of("y", file)));
            pair.first().send(new ToWorker.Ping());
            ToWorker.Open open = (ToWorker.Open) pair.second().receive();
            assertThat(open.name()).isEqualTo("log");
            assertThat(Descriptors.in(open))
                    .hasSize(2)
                    .extracting(TestFiles::text)
                    .containsOnly("x");
            Descriptors.closeAll(open);
            assertThat(pair.second().receive()).isEqualTo(new ToWorker.Ping());
        }
    }

    /** Each message is its name, a colon, and its descriptors as digits. */
    private static final class NameAndDigits implements MessageCodec {
        final AtomicReference<FdSource> lastSource = new AtomicReference<>();

        @Override
        public <T> MessageFormat<T> format(Class<T> type) {
            return new MessageFormat<>() {
                @Override
                public void encode(T message, OutputStream to, FdSink fds) throws IOException {
                    ToWorker.Open open = (ToWorker.Open) message;
                    to.write((open.name() + ":" + fds.add(open.file())).getBytes(UTF_8));
                }

                @Override
                public T decode(ByteBuffer bytes, FdSource fds) throws IOException {
                    lastSource.set(fds);
                    String text = UTF_8.decode(bytes).toString();
                    int colon = text.indexOf(':');
                    OwnedFd file = fds.take(Integer.parseInt(text.substring(colon + 1)), OwnedFd.class);
                    return type.cast(new ToWorker.Open(text.substring(0, colon), file, Map.of()));
                }
            };
        }
    }

    @Test
    void oneOfOnesOwn() throws IOException {
        NameAndDigits codec = new NameAndDigits();
        try (TubePair<ToWorker, FromWorker> pair = pair(codec);
                OwnedFd file = TestFiles.holding("mine")) {
            pair.first().send(new ToWorker.Open("log", file, Map.of()));
            ToWorker.Open open = (ToWorker.Open) pair.second().receive();
            assertThat(open.name()).isEqualTo("log");
            assertThat(TestFiles.text(open.file())).isEqualTo("mine");
            Descriptors.closeAll(open);

            assertThatIllegalStateException()
                    .isThrownBy(() -> codec.lastSource.get().take(0, OwnedFd.class))
                    .withMessage("the message is decoded, and its descriptors belong to it");
        }
    }

    @Test
    void whatItThrowsIsNoMessageAndNothingIsLost() throws IOException {
        for (Throwing each : List.<Throwing>of(
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                () -> {
                    throw new IOException("on purpose");
                },
                () -> {
                    throw new StackOverflowError("on purpose");
                })) {
            MessageCodec codec = new MessageCodec() {
                @Override
                public <T> MessageFormat<T> format(Class<T> type) {
                    MessageFormat<T> good = new NameAndDigits().format(type);
                    return new MessageFormat<>() {
                        @Override
                        public void encode(T message, OutputStream to, FdSink fds) throws IOException {
                            good.encode(message, to, fds);
                        }

                        @Override
                        public T decode(ByteBuffer bytes, FdSource fds) throws IOException {
                            T message = good.decode(bytes, fds);
                            assertThat(message).isNotNull();
                            each.run();
                            return message;
                        }
                    };
                }
            };
            try (TubePair<ToWorker, FromWorker> pair = pair(codec);
                    OwnedFd file = TestFiles.holding("x")) {
                pair.first().send(new ToWorker.Open("log", file, Map.of()));
                assertThatExceptionOfType(MessageException.class)
                        .isThrownBy(pair.second()::receive)
                        .withMessageStartingWith("what came cannot be decoded: ")
                        .withMessageContaining("on purpose");
                assertThat(pair.second().tryReceive()).isEmpty();
            }
        }
    }

    private interface Throwing {
        void run() throws IOException;
    }

    private static TubePair<ToWorker, FromWorker> pair(MessageCodec codec) throws IOException {
        SocketPair<UnixStream> sockets = UnixStream.pair();
        return new TubePair<>(
                Tube.over(sockets.first(), ToWorker.class, FromWorker.class, FrameLimits.DEFAULT, codec),
                Tube.over(sockets.second(), FromWorker.class, ToWorker.class, FrameLimits.DEFAULT, codec));
    }
}
