package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every program in the README is run as a reader would run it: copied to a file and given to {@code java}. */
class ReadmeExamplesTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> everyProgramRuns(@TempDir Path directory) throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        assertThat(PROGRAM.matcher(readme).results()).hasSizeGreaterThanOrEqualTo(3);
        return PROGRAM.matcher(readme)
                .results()
                .map(match -> DynamicTest.dynamicTest(
                        "line " + readme.substring(0, match.start()).lines().count(),
                        () -> runs(Files.writeString(directory.resolve("Example.java"), match.group(1)))));
    }

    private static void runs(Path program) throws Exception {
        String classes = Arrays.stream(System.getProperty("jdk.module.path").split(File.pathSeparator))
                .filter(entry -> Files.exists(Path.of(entry, "dev", "fdpass", "OwnedFd.class")))
                .findFirst()
                .orElseThrow();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        classes,
                        "--add-modules",
                        "dev.fdpass",
                        "--enable-native-access=dev.fdpass",
                        program.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).isNotBlank().doesNotContain("WARNING");
    }
}
