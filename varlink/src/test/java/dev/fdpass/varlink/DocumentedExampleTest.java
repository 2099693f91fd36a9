package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in {@code docs/varlink.md} is compiled and run as a reader would. */
class DocumentedExampleTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void itRuns(@TempDir Path directory) throws Exception {
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("..", "docs", "varlink.md")));
        assertThat(program.find()).isTrue();
        Path source = Files.writeString(directory.resolve("Example.java"), program.group(1));
        String modules = System.getProperty("jdk.module.path");
        assertThat(run(
                        "javac",
                        "-parameters",
                        "-p",
                        modules,
                        "--add-modules",
                        "dev.fdpass.varlink",
                        "-d",
                        directory.toString(),
                        source.toString()))
                .isEmpty();
        assertThat(run(
                        "java",
                        "-p",
                        modules,
                        "--add-modules",
                        "dev.fdpass.varlink",
                        "--enable-native-access=dev.fdpass",
                        "-cp",
                        directory.toString(),
                        "Example"))
                .contains(" at 3\n")
                .contains("org.example.files.NotYours {\"path\":\"/root/secret\"}")
                .contains("Entry[path=/etc, isDirectory=true]\nEntry[path=/etc/hosts, isDirectory=false]\n")
                .contains("method Open(path: string, position: ?int) -> (file: int, size: int)")
                .doesNotContain("WARNING");
    }

    private static String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", program).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
