package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.fdpass.testing.StrictJsonCases;
import dev.fdpass.testing.StrictJsonCases.Case;
import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused is the same for all protocols of this library: see {@link StrictJsonCases}. */
class StrictJsonTest {
    enum Choice {
        FIRST,
        SECOND
    }

    record Values(
            int whole,
            double real,
            String text,
            boolean flag,
            Choice choice,
            @Nullable Object any) {}

    static Stream<Case> refused() {
        return StrictJsonCases.refused();
    }

    static Stream<Case> read() {
        return StrictJsonCases.read();
    }

    private static final Class<?>[] REFUSALS = {ProtocolException.class, Json.DoesNotFitException.class, Refused.class};

    /** The message is JSON, and is answered with an error. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static Values read(byte[] object) throws Exception {
        ByteArrayOutputStream call = new ByteArrayOutputStream();
        call.writeBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":".getBytes(UTF_8));
        call.writeBytes(object);
        call.write('}');
        return switch (MessageReader.read(ByteBuffer.wrap(call.toByteArray()))) {
            case Message.Request request -> Json.read(Objects.requireNonNull(request.params()), Values.class, true);
            case Message.Invalid invalid -> throw new Refused();
            default -> throw new AssertionError("it is no request");
        };
    }

    @Test
    void whatIsBehindTheMessageIsRefused() throws ProtocolException {
        assertThat(MessageReader.read(UTF_8.encode("{} {}")))
                .isInstanceOfSatisfying(
                        Message.Invalid.class,
                        invalid -> assertThat(invalid.why()).startsWith("Trailing token"));
    }

    @Test
    void anInfiniteNumberAndNoneAtAllAreNotSent() {
        for (Object number : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
            for (Object params : List.of(List.of(number), Map.of("a", Map.of("b", List.of(number))))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> MessageWriter.request(1L, "m", params, 0))
                        .withMessageContaining("NaN");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MessageWriter.result(IntNode.valueOf(1), number, 0))
                    .withMessageContaining("NaN");
        }
    }

    @ParameterizedTest
    @MethodSource
    void refused(Case refused) {
        assertThatThrownBy(() -> read(refused.object())).isInstanceOfAny(REFUSALS);
    }

    @ParameterizedTest
    @MethodSource
    void read(Case read) throws Exception {
        Values values = read(read.object());
        assertThat(values.text()).isEqualTo("x");
        assertThat(values.choice()).isEqualTo(Choice.SECOND);
    }
}
