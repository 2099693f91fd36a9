package dev.fdpass.examples.sharedring.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in this process, which starts the other one: both end with the descriptors they began with, or it fails. */
class RunCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return RunCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void helpAnswers() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString())
                .contains("--sizes", "--rounds", "--seconds", "--contenders", "--capacity", "--spin", "--json")
                .contains("ring-no-spin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--sizes=0",
                "--sizes=1001",
                "--sizes=2M",
                "--sizes=4096M",
                "--sizes=many",
                "--rounds=0",
                "--seconds=0",
                "--seconds=NaN",
                "--seconds=61",
                "--contenders=pipe",
                "--capacity=5000",
                "--capacity=64K",
                "--spin=-1",
                "--size=1K"
            })
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        assertThat(execute(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument.replaceFirst("=.*", ""));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void itEndsWithALineOfJson() throws IOException {
        assertThat(execute("--sizes=1K,64K", "--rounds=2", "--seconds=0.02", "--json"))
                .isZero();
        assertThat(out.toString().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("rounds").intValue()).isEqualTo(2);
        assertThat(json.get("results"))
                .hasSize(2 * 2 * Contender.values().length)
                .allSatisfy(result -> {
                    assertThat(result.get("ratioLeast").doubleValue()).isPositive();
                    assertThat(result.get("ratioToSocket").doubleValue())
                            .isBetween(
                                    result.get("ratioLeast").doubleValue(),
                                    result.get("ratioMost").doubleValue());
                    String figure = result.get("work").textValue().equals("STREAM") ? "bytesPerSecond" : "p50Ns";
                    assertThat(result.get(figure).longValue()).isPositive();
                });
    }

    @Test
    void withoutJsonItShowsTables() {
        assertThat(execute("--sizes=8", "--rounds=1", "--seconds=0.01", "--contenders=ring"))
                .isZero();
        assertThat(out.toString())
                .contains("STREAM, messages/s", "PING_PONG, p50 µs", "| 8 bytes", "| ring", "| socket")
                .doesNotContain("framed");
    }
}
