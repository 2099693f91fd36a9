package dev.fdpass.examples.hotrestart.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpAnswers() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString())
                .contains("--restarts", "--variant", "--connections", "--think", "--seconds", "--late", "--json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--restarts=0",
                "--variant=jetty",
                "--connections=0",
                "--seconds=0",
                "--late=0",
                "--think=-1",
                "--restart=1"
            })
    void aWrongCommandLineIsRefusedAndNamed(String argument) {
        assertThat(execute(argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument.replaceFirst("=.*", ""));
    }

    private int execute(String... arguments) {
        return RunCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void withoutWrkItSaysWhatToInstall() throws Exception {
        assertThat(run(Map.of("PATH", folder.toString()), "--restarts", "1")).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err"))).contains("apt-get install wrk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "netty"})
    void underLoadEveryRestartGoesUnnoticed(String variant) throws Exception {
        assumeThat(Wrk.isThere())
                .as("wrk is missing (Debian: apt-get install wrk)")
                .isTrue();
        int status = run(
                Map.of(),
                "--restarts",
                "2",
                "--seconds",
                "1",
                "--connections",
                "8",
                "--late",
                "60",
                "--variant",
                variant,
                "--json");
        String errors = Files.readString(folder.resolve("err"));
        assertThat(status).as(errors).isZero();
        String output = Files.readString(folder.resolve("out"));
        assertThat(output.lines()).as(output).hasSize(1);
        Map<String, Double> numbers = numbers(output);
        assertThat(numbers)
                .containsOnlyKeys("restarts", "requests", "failures", "p99UndisturbedMs", "p99RestartMs")
                .containsEntry("restarts", 2.0)
                .containsEntry("failures", 0.0);
        assertThat(numbers.get("requests")).isGreaterThan(100);
        assertThat(numbers.get("p99UndisturbedMs")).isPositive();
        assertThat(numbers.get("p99RestartMs")).isPositive();
        assertThat(errors).contains("2 restarts", "kept connections", "restart 1 of 2");
        // Those of wrk and of the clients that keep theirs, twice; now and then one of the client with fresh ones.
        int given = 2 * (8 + KeptConnections.CLIENTS);
        assertThat(errors)
                .containsPattern("\\b(" + given + "|" + (given + 1) + "|" + (given + 2) + ") connections went over");
    }

    /** The command in a process of its own, with all that it says in files. */
    private int run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RunCommand.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(240, TimeUnit.SECONDS))
                    .as("it ends: %s", Files.readString(folder.resolve("err")))
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Map<String, Double> numbers(String json) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                numbers.put(name, parser.getDoubleValue());
            }
        }
        return numbers;
    }
}
