package dev.fdpass.bench.pollers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PollersCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyNumberIsALineOfJson() {
        assertThat(run("--sockets=200", "--rounds=2", "--json"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines())
                .hasSize(2 * 2 * 3)
                .allMatch(line -> line.matches(
                        "\\{\"work\":\"await( \\+ receive)?\",\"contender\":\"(fdpass|Selector)\",\"sockets\":200,"
                                + "\"ready\":(10|100|200),\"nsPerReady\":[1-9][\\d.]*,\"ratioTo10\":[\\d.]+}"));
    }

    @Test
    void theTableHasARowForEachWorkAndContender() {
        assertThat(run("--sockets=100", "--rounds=1", "--same"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("100 sockets registered", "| 10 ready | 100 ready |")
                .containsPattern("\\| await, fdpass \\| \\d+ \\(1\\.00\\) \\| \\d+ \\(\\d\\.\\d\\d\\) \\|")
                .containsPattern("\\| await \\+ receive, Selector \\| [\\d,]+ \\(1\\.00\\) \\|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--sockets=5", "--sockets=101", "--sockets=1000000000", "--rounds=0", "--rounds=many", "--fast"})
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument.replaceFirst("^--(\\w+)=.*", "--$1"));
    }

    @Test
    void helpAnswers() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--sockets", "--rounds", "--same", "--json");
    }

    private int run(String... arguments) {
        return new CommandLine(new PollersCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
