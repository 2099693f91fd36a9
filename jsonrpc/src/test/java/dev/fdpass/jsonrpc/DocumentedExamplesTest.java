package dev.fdpass.jsonrpc;

import dev.fdpass.testing.DocumentedProgram;
import dev.fdpass.testing.JavaProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every program in {@code docs/jsonrpc.md} is run as a reader would run it: copied to a file and given to {@code java}. */
class DocumentedExamplesTest {
    @TestFactory
    Stream<DynamicTest> everyProgramRuns(@TempDir Path directory) throws IOException {
        return DocumentedProgram.testsOf(
                "docs/jsonrpc.md", 2, directory, "dev.fdpass.jsonrpc", JavaProgram.modulePath());
    }
}
