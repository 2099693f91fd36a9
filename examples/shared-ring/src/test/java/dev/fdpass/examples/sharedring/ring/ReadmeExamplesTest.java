package dev.fdpass.examples.sharedring.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.DocumentedProgram;
import dev.fdpass.testing.JavaProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in the README of this example is run as a reader would run it: copied to a file and given to {@code java}. */
class ReadmeExamplesTest {
    @Test
    void theProgramRuns(@TempDir Path directory) throws Exception {
        List<DocumentedProgram> programs = DocumentedProgram.of("shared-ring/README.md");
        assertThat(programs).hasSize(1);
        Path file = Files.writeString(
                directory.resolve("Example.java"), programs.getFirst().source());
        ChildProcess.Result result = ChildProcess.run(List.of(
                JavaProgram.tool("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                file.toString()));
        assertThat(result.outputOfSuccess()).isEqualTo("one\ntwo\nthree\n");
        assertThat(result.errors()).isEmpty();
    }
}
