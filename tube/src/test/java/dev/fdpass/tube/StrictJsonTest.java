package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.json.IndexedFds;
import dev.fdpass.testing.StrictJsonCases;
import dev.fdpass.testing.StrictJsonCases.Case;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalDouble;
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

    private static final Class<?>[] REFUSALS = {MessageException.class};

    private static Values read(byte[] object) throws IOException {
        FdSource none = new FdSource(IndexedFds.of(List.of()), Terms.USUAL);
        return JacksonCodec.json().format(Values.class).decode(ByteBuffer.wrap(object), none);
    }

    @Test
    void whatIsBehindTheMessageIsRefused() {
        assertThatThrownBy(() -> read("{} {}".getBytes(UTF_8)))
                .isInstanceOf(MessageException.class)
                .hasMessageContaining("Trailing token");
    }

    record Reals(double first, List<Double> all, OptionalDouble maybe) {}

    @Test
    void anInfiniteNumberAndNoneAtAllTravelAsText() throws IOException {
        Reals sent = new Reals(Double.NaN, List.of(Double.NEGATIVE_INFINITY, 1.0), OptionalDouble.of(Double.NaN));
        try (var pair = Tube.pair(Reals.class, Reals.class)) {
            pair.first().send(sent);
            Reals received = pair.second().receive();
            assertThat(received.first()).isNaN();
            assertThat(received.all()).isEqualTo(sent.all());
            assertThat(received.maybe()).isEqualTo(sent.maybe());
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
