package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.DocumentedProgram;
import dev.fdpass.testing.JavaProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in {@code docs/varlink.md} is compiled and run as a reader would. */
class DocumentedExampleTest {
    @Test
    void itRuns(@TempDir Path directory) throws Exception {
        DocumentedProgram program = DocumentedProgram.of("docs/varlink.md").getFirst();
        assertThat(program.compileAndRun(directory, "dev.fdpass.varlink", JavaProgram.modulePath()))
                .contains(" at 3\n")
                .contains("org.example.files.NotYours {\"path\":\"/root/secret\"}")
                .contains("Entry[path=/etc, isDirectory=true]\nEntry[path=/etc/hosts, isDirectory=false]\n")
                .contains("method Open(path: string, position: ?int) -> (file: int, size: int)");
    }
}
