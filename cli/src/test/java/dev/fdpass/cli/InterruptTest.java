package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.signals.CtrlC;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterruptTest {
    private static final int BY_SIGINT = 128 + 2;
    private static final int BY_SIGTERM = 128 + 15;

    @ParameterizedTest
    @ValueSource(strings = {"receive %s", "receive %s --type=datagram", "send %s /dev/null --listen"})
    void ctrlCLeavesNoSocketFileBehind(String arguments, @TempDir Path directory) throws Exception {
        Path socket = directory.resolve("socket");
        try (Program fdpass =
                Program.fdpassThatHearsCtrlC(arguments.formatted(socket).split(" "))) {
            Bound.await(socket.toString());
            assertThat(socket).exists();
            CtrlC.to(fdpass.pid());
            assertThat(fdpass.status()).isEqualTo(BY_SIGINT);
            assertThat(fdpass.errors()).isEmpty();
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void norDoesASignalThatComesJustWhenTheFileIsMade(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");
        try (Program program = Program.javaOfTests(EndsWhileOpening.class, file.toString())) {
            assertThat(program.status()).as(program.errors()).isEqualTo(BY_SIGTERM);
            assertThat(file).doesNotExist();
        }
    }
}
