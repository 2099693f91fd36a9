package dev.fdpass.bench.threads;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VirtualThreadsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
            Map<String, Double> numbers = numbers(line);
            assertThat(numbers).containsEntry("threads", 20.0);
            assertThat(numbers.get("fdpassUs")).isPositive();
            assertThat(numbers.get("jdkUs")).isPositive();
            assertThat(numbers.get("ratioToJdk")).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads=0", "--rounds=-1", "--rounds=many"})
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument.substring(0, argument.indexOf('=')));
    }

    private int run(String... arguments) {
        return new CommandLine(new VirtualThreadsCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static Map<String, Double> numbers(String line) throws IOException {
        Map<String, Double> numbers = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            while (json.nextToken() != null) {
                if (json.currentToken().isNumeric()) {
                    numbers.put(json.currentName(), json.getDoubleValue());
                }
            }
        }
        return numbers;
    }
}
