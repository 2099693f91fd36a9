package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.OwnedFd;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.util.Preconditions;

/** A JVM becomes another program. */
class ExecTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"at once", "fail first"})
    void becomesTheProgramWithWhatWasNamed(String mode) throws Exception {
        Path place = directory.toRealPath();
        List<String> said;
        try (ChildProcess child = ChildProcess.start(command(ExecsPrograms.class, mode, place.toString()))) {
            said = new ArrayList<>(child.await().outputOfSuccess().lines().toList());
            List<String> named = new ArrayList<>(said.subList(0, said.indexOf("")));
            said.subList(0, named.size() + 1).clear();
            assertThat(named).hasSizeGreaterThanOrEqualTo(4);
            long ignored = Long.parseUnsignedLong(said.removeFirst(), 16);
            assertThat(said.removeFirst()).isEqualTo("%s %<s 1 None %s", child.pid(), place);
            // Python itself ignores SIGPIPE and SIGXFSZ.
            assertThat(said.removeFirst()).isEqualTo("1 %016x %016x", 0, ignored | 0x1001000);
            List<String> opened =
                    said.stream().filter(line -> !line.matches("[012] .*")).toList();
            assertThat(opened).isEqualTo(named);
            assertThat(said).hasSize(named.size() + 3);
        }
    }

    @Test
    void nobodyWouldBeAtTheOtherEndOfAPipe() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Spawn.of("true").stdoutPipe().exec())
                .withMessageContaining("descriptor 1");
    }

    /** A JVM that runs a class of these tests, which asserts by itself. */
    static List<String> command(Class<?> main, String... arguments) {
        String classPath = JavaProgram.classPathOf(
                Assertions.class, // an archive, which the JVM opens first and keeps open
                OwnedFd.class,
                main,
                DescriptorLeakCheck.class,
                BeforeEachCallback.class,
                Preconditions.class);
        List<String> command = new ArrayList<>(List.of(
                JavaProgram.tool("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
