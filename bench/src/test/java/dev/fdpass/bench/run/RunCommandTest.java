package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RunCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpAnswers() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--quick", "--works", "--contenders", "--launches", "--json", "--output", "--check");
        assertThat(out.toString().replaceAll("\\s+", " ")).contains(String.join(", ", Contenders.names()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--works=W9", "--contenders=nobody", "--launches=0", "--launches=many", "--fast"})
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument.replaceFirst("^--(\\w+)=.*", "--$1"));
    }

    @Test
    void aCheckOfOthersIsRefused() {
        assertThat(run("--check", "--contenders=netty")).isEqualTo(2);
        assertThat(err.toString()).contains("--check");
    }

    private int run(String... arguments) {
        return new CommandLine(new RunCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
