package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.OpensAFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeAccessTest {
    private static final String DENIED = "--illegal-native-access=deny";

    @Test
    void aModuleWithoutItIsToldTheFlag() throws Exception {
        String output =
                JavaProgram.runInModule(OpensAFile.class, List.of(DENIED)).outputOfSuccess();

        assertThat(output.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("java.lang.IllegalCallerException: ")
                        .endsWith(" --enable-native-access=dev.fdpass"));
    }

    @Test
    void aClassPathWithoutItIsToldTheFlag() throws Exception {
        String output =
                JavaProgram.runOnClassPath(OpensAFile.class, List.of(DENIED)).outputOfSuccess();

        assertThat(output.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("java.lang.IllegalCallerException: ")
                        .endsWith(" --enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void theFlagIsEnoughAndNothingIsWarnedAbout() throws Exception {
        var module = JavaProgram.runInModule(OpensAFile.class, List.of(DENIED, "--enable-native-access=dev.fdpass"));
        var classPath =
                JavaProgram.runOnClassPath(OpensAFile.class, List.of(DENIED, "--enable-native-access=ALL-UNNAMED"));

        assertThat(module.outputOfSuccess()).isEqualTo("worked: character device\nworked: true\n");
        assertThat(module.errors()).isEmpty();
        assertThat(classPath.outputOfSuccess()).isEqualTo("worked: character device\nworked: true\n");
        assertThat(classPath.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"os.name, Mac OS X, Mac OS X on", "os.arch, riscv64, Linux on riscv64", "os.arch, x86, Linux on x86"})
    void anotherPlatformIsRefusedByName(String property, String value, String named) throws Exception {
        String output = JavaProgram.runInModule(
                        OpensAFile.class, List.of("--enable-native-access=dev.fdpass", "-D" + property + "=" + value))
                .outputOfSuccess();

        assertThat(output.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("java.lang.UnsupportedOperationException: fdpass runs on Linux on x86-64")
                        .contains(named));
    }
}
