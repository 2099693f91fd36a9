package dev.fdpass.bench.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.bench.CommandRun;
import dev.fdpass.bench.JsonNumbers;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualThreadsCommandTest {
    /** In a process of its own: what virtual threads wait with stays open in the JVM that had them. */
    @Test
    void bothKindsOfThreadSweepThroughAllConnections() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VirtualThreadsCommand.class.getName(),
                        "--threads=20",
                        "--rounds=5",
                        "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines;
        try (BufferedReader output = program.inputReader()) {
            lines = output.lines().toList();
        }
        assertThat(program.waitFor()).isZero();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("\"sweeper\":\"virtual\"");
        assertThat(lines.get(1)).contains("\"sweeper\":\"platform\"");
        for (String line : lines) {
            Map<String, Double> numbers = JsonNumbers.of(line);
            assertThat(numbers).containsEntry("threads", 20.0);
            assertThat(numbers.get("fdpassUs")).isPositive();
            assertThat(numbers.get("jdkUs")).isPositive();
            assertThat(numbers.get("ratioToJdk")).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads=0", "--rounds=-1", "--rounds=many"})
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        CommandRun run = CommandRun.of(new VirtualThreadsCommand(), argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(argument.substring(0, argument.indexOf('=')));
    }
}
