package dev.fdpass;

import dev.fdpass.testing.DocumentedProgram;
import dev.fdpass.testing.JavaProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every program in the README is run as a reader would run it: copied to a file and given to {@code java}. */
class ReadmeExamplesTest {
    @TestFactory
    Stream<DynamicTest> everyProgramRuns(@TempDir Path directory) throws IOException {
        return DocumentedProgram.testsOf(
                "README.md", 3, directory, "dev.fdpass", JavaProgram.library().toString());
    }
}
