package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.bench.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
    @Test
    void helpAnswers() {
        CommandRun run = CommandRun.of(new RunCommand(), "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("--quick", "--works", "--contenders", "--launches", "--json", "--output", "--check");
        assertThat(run.out().replaceAll("\\s+", " ")).contains(String.join(", ", Contenders.names()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--works=W9", "--contenders=nobody", "--launches=0", "--launches=many", "--fast"})
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        CommandRun run = CommandRun.of(new RunCommand(), argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(argument.replaceFirst("^--(\\w+)=.*", "--$1"));
    }

    @Test
    void aCheckOfOthersIsRefused() {
        CommandRun run = CommandRun.of(new RunCommand(), "--check", "--contenders=netty");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--check");
    }
}
