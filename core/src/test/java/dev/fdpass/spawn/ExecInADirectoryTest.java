package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a program begins, and where this one stays, does not depend on descriptors, and not on what other threads try. */
class ExecInADirectoryTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"one", "two at once"})
    void afterAttemptsThatFailed(String mode) throws Exception {
        Path one = Files.createDirectory(directory.resolve("one")).toRealPath();
        Path two = Files.createDirectory(directory.resolve("two"));
        String said = ChildProcess.run(ExecTest.command(ExecsInDirectories.class, mode, one.toString(), two.toString()))
                .outputOfSuccess();
        assertThat(said).isEqualTo(one + "\n");
    }
}
