package dev.fdpass.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ClosesWithoutMemory;
import dev.fdpass.testing.JavaProgram;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing lets go of things, so it must not need anything: not even a few bytes for an error number. */
class NoMoreMemoryTest {
    @Test
    @DisplayName(
            "L01 L02 L05: without native memory everything is closed all the same, once, and those that wait are woken")
    void everythingIsClosed(@TempDir Path directory) throws Exception {
        List<String> output = JavaProgram.runOnClassPath(
                        ClosesWithoutMemory.class,
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-Ddev.fdpass.parkingIdleMillis=20",
                                // Or the JVM reads its limits again now and then, and has a file open for a moment.
                                "-XX:-UseContainerSupport",
                                "-XX:MaxDirectMemorySize=2m"),
                        directory.resolve("socket").toString())
                .outputOfSuccess()
                .lines()
                .toList();

        assertThat(output)
                .containsAll(Collections.nCopies(6, "closing: closed"))
                .containsAll(Collections.nCopies(6, "waiting: woken"))
                .contains("without memory: true", "listener: closed, file removed", "left open: 0")
                .hasSize(15);
    }
}
