package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A Java program on a page of the documentation, to be run as a reader would run it.
 *
 * @param line where it begins
 * @param source its source
 */
public record DocumentedProgram(long line, String source) {
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /** All programs of a page, which is named from the root of the checkout. */
    public static List<DocumentedProgram> of(String page) throws IOException {
        String text = Files.readString(Path.of("..").resolve(page));
        return PROGRAM.matcher(text)
                .results()
                .map(match -> new DocumentedProgram(
                        text.substring(0, match.start()).lines().count(), match.group(1)))
                .toList();
    }

    /** A test for each program of a page, of which there are so many at least, that runs it. */
    public static Stream<DynamicTest> testsOf(
            String page, int atLeast, Path directory, String module, String modulePath) throws IOException {
        List<DocumentedProgram> programs = of(page);
        assertThat(programs).hasSizeGreaterThanOrEqualTo(atLeast);
        return programs.stream()
                .map(program -> DynamicTest.dynamicTest(
                        "line " + program.line, () -> program.run(directory, module, modulePath)));
    }

    /**
     * Copies it to a file, gives that to {@code java}, and asserts that it ends well, without a warning.
     *
     * @param module what it is run with
     * @param modulePath where that module is, and what it needs
     * @return its output
     */
    public String run(Path directory, String module, String modulePath) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("Example.java"), source);
        List<String> command = new ArrayList<>(List.of(JavaProgram.tool("java")));
        command.addAll(options(module, modulePath));
        command.add(file.toString());
        return outputOf(command);
    }

    /** As {@link #run}, compiled before, with the names of parameters. Its class is {@code Example}. */
    public String compileAndRun(Path directory, String module, String modulePath)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("Example.java"), source);
        List<String> compile = new ArrayList<>(List.of(JavaProgram.tool("javac"), "-parameters"));
        compile.addAll(List.of("-p", modulePath, "--add-modules", module, "-d", directory.toString(), file.toString()));
        ChildProcess.Result compiled = ChildProcess.run(compile);
        assertThat(compiled.outputOfSuccess() + compiled.errors()).isEmpty();
        List<String> command = new ArrayList<>(List.of(JavaProgram.tool("java")));
        command.addAll(options(module, modulePath));
        command.addAll(List.of("-cp", directory.toString(), "Example"));
        return outputOf(command);
    }

    private static List<String> options(String module, String modulePath) {
        return List.of("-p", modulePath, "--add-modules", module, "--enable-native-access=dev.fdpass");
    }

    private static String outputOf(List<String> command) throws IOException, InterruptedException {
        ChildProcess.Result result = ChildProcess.run(command);
        assertThat(result.outputOfSuccess()).isNotBlank();
        assertThat(result.output() + result.errors()).doesNotContain("WARNING");
        return result.output();
    }
}
