package dev.fdpass.varlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fdpass.json.IndexedFds;
import dev.fdpass.testing.StrictJsonCases;
import dev.fdpass.testing.StrictJsonCases.Case;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused is the same for all protocols of this library: see {@link StrictJsonCases}. */
class StrictJsonTest {
    enum Choice {
        FIRST,
        SECOND
    }

    record Values(int whole, double real, String text, boolean flag, Choice choice, Optional<JsonNode> any) {}

    static Stream<Case> refused() {
        return StrictJsonCases.refused();
    }

    static Stream<Case> read() {
        return StrictJsonCases.read();
    }

    private static final Class<?>[] REFUSALS = {Json.MismatchException.class};

    private static Values read(byte[] object) throws Json.MismatchException {
        return (Values) Json.read(Json.read(object), Values.class, IndexedFds.of(List.of()), true);
    }

    @Test
    void whatIsBehindTheMessageIsRefused() {
        assertThatThrownBy(() -> read("{} {}".getBytes(UTF_8))).hasMessageContaining("Trailing token");
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
