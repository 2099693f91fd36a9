package dev.fdpass.bench.pollers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.bench.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollersCommandTest {
    @Test
    void everyNumberIsALineOfJson() {
        CommandRun run = CommandRun.of(new PollersCommand(), "--sockets=200", "--rounds=2", "--json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .hasSize(2 * 2 * 3)
                .allMatch(line -> line.matches(
                        "\\{\"work\":\"await( \\+ receive)?\",\"contender\":\"(fdpass|Selector)\",\"sockets\":200,"
                                + "\"ready\":(10|100|200),\"nsPerReady\":[1-9][\\d.E]*,\"ratioTo10\":[\\d.]+}"));
    }

    @Test
    void theTableHasARowForEachWorkAndContender() {
        CommandRun run = CommandRun.of(new PollersCommand(), "--sockets=100", "--rounds=1", "--same");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("100 sockets registered", "| 10 ready | 100 ready |")
                .containsPattern("\\| await, fdpass \\| [\\d,]+ \\(1\\.00\\) \\| [\\d,]+ \\(\\d+\\.\\d\\d\\) \\|")
                .containsPattern("\\| await \\+ receive, Selector \\| [\\d,]+ \\(1\\.00\\) \\|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--sockets=5", "--sockets=101", "--sockets=1000000000", "--rounds=0", "--rounds=many", "--fast"})
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        CommandRun run = CommandRun.of(new PollersCommand(), argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(argument.replaceFirst("^--(\\w+)=.*", "--$1"));
    }

    @Test
    void helpAnswers() {
        CommandRun run = CommandRun.of(new PollersCommand(), "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("--sockets", "--rounds", "--same", "--json");
    }
}
