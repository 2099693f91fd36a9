package dev.fdpass.tube;

import dev.fdpass.testing.DocumentedProgram;
import dev.fdpass.testing.JavaProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every program in docs/tube.md is run as a reader would run it: copied to a file and given to {@code java}. */
class TubeDocExamplesTest {
    @TestFactory
    Stream<DynamicTest> everyProgramRuns(@TempDir Path directory) throws IOException {
        return DocumentedProgram.testsOf("docs/tube.md", 2, directory, "dev.fdpass.tube", JavaProgram.modulePath());
    }
}
