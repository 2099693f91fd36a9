package dev.fdpass.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.ReadsShrunkMemory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShrunkMemoryTest {
    @Test
    @DisplayName("L06: memory that its sender took away is an InternalError, and the JVM lives on")
    void isAnInternalError() throws Exception {
        String output = JavaProgram.runInModule(ReadsShrunkMemory.class, List.of("--enable-native-access=dev.fdpass"))
                .outputOfSuccess();

        assertThat(output.lines())
                .containsExactly(
                        "read: InternalError",
                        "write: InternalError",
                        "volatile read: InternalError",
                        "copy: InternalError",
                        "what is left reads 1");
    }
}
