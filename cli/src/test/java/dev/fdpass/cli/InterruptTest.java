package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        // A shell's background job ignores SIGINT, and with it whoever it starts: Python gives it back.
        List<String> command = new ArrayList<>(
                List.of(
                        "python3",
                        "-c",
                        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"));
        command.addAll(Program.fdpassCommand());
        command.addAll(List.of(arguments.formatted(socket).split(" ")));
        try (Program fdpass = Program.start(command)) {
            Bound.await(socket.toString());
            assertThat(socket).exists();
            fdpass.interrupt();
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
