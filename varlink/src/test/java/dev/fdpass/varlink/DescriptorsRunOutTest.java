package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that has no descriptor for another connection, in a process of its own. */
class DescriptorsRunOutTest {
    /** On the class path, so that a class that is needed for the first time is a file that cannot be opened. */
    @Test
    void theServiceGoesOnOnceThereAreSomeAgain(@TempDir Path directory) throws Exception {
        Path classes = Path.of(
                getClass().getProtectionDomain().getCodeSource().getLocation().toURI());
        String classPath = System.getProperty("jdk.module.path") + ":" + classes.resolveSibling("test-classes");
        String command = "ulimit -n 150 && exec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:-MaxFDLimit --enable-native-access=ALL-UNNAMED -cp '" + classPath + "' "
                + ServiceWithoutDescriptors.class.getName();
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(errors, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(output).as(said).hasContent("still there\nstill there\n");
    }
}
