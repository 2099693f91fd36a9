package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name of a peer is the peer's choice: bytes that are no pathname here hinder nothing. */
class OddNamesTest {
    @TempDir
    private Path directory;

    @Test
    void aPeerWhoseNameThisJvmCannotWriteIsWithoutAName() throws Exception {
        assertThat(runs("-Dsun.jnu.encoding=ANSI_X3.4-1968").outputOfSuccess()) // as of LC_ALL=POSIX
                .isEqualTo("remote \"\", read 5\n");
    }

    @Test
    void aConnectionNeedsADirectoryForAMoment() throws Exception {
        ChildProcess.Result result = runs("-Djdk.net.unixdomain.tmpdir=/proc/nowhere");
        assertThat(result.errors())
                .contains("could not be made in /proc/nowhere")
                .contains("-Djdk.net.unixdomain.tmpdir")
                .contains("--add-opens java.base/sun.nio.ch=ALL-UNNAMED");
    }

    private ChildProcess.Result runs(String option) throws Exception {
        return JavaProgram.runOnClassPath(
                HasOddPeer.class,
                List.of("--enable-native-access=ALL-UNNAMED", option),
                directory.resolve("socket").toString());
    }
}
