package dev.fdpass.examples.sharedring.ring;

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

/** Every program in the README of this example is run as a reader would run it: copied to a file and given to {@code java}. */
class ReadmeExamplesTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> everyProgramRuns(@TempDir Path directory) throws IOException {
        String page = Files.readString(Path.of("README.md"));
        assertThat(PROGRAM.matcher(page).results()).hasSize(1);
        return PROGRAM.matcher(page)
                .results()
                .map(match -> DynamicTest.dynamicTest(
                        "line " + page.substring(0, match.start()).lines().count(),
                        () -> runs(Files.writeString(directory.resolve("Example.java"), match.group(1)))));
    }

    private static void runs(Path program) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEqualTo("one\ntwo\nthree\n");
        assertThat(process.exitValue()).isZero();
    }
}
