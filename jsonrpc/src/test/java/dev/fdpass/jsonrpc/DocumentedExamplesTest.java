package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every program in {@code docs/jsonrpc.md} is run as a reader would run it: copied to a file and given to {@code java}. */
class DocumentedExamplesTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> everyProgramRuns(@TempDir Path directory) throws IOException {
        String text = Files.readString(Path.of("..", "docs", "jsonrpc.md"));
        assertThat(PROGRAM.matcher(text).results()).hasSizeGreaterThanOrEqualTo(2);
        return PROGRAM.matcher(text)
                .results()
                .map(match -> DynamicTest.dynamicTest(
                        "line " + text.substring(0, match.start()).lines().count(),
                        () -> runs(Files.writeString(directory.resolve("Example.java"), match.group(1)))));
    }

    private static void runs(Path program) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        System.getProperty("jdk.module.path"),
                        "--add-modules",
                        "dev.fdpass.jsonrpc",
                        "--enable-native-access=dev.fdpass",
                        program.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).isNotBlank().doesNotContain("WARNING");
    }
}
