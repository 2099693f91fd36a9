package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
    @ParameterizedTest
    @ValueSource(strings = {"train", "train send"})
    void sendsToItself(String arguments) throws Exception {
        try (Program fdpass = Program.fdpass(arguments.split(" "))) {
            assertThat(fdpass.status()).as(fdpass.errors()).isZero();
            assertThat(fdpass.errors()).isEmpty();
        }
    }

    @Test
    void thePlainestSendNeedsNoPicocli() throws Exception {
        try (Program fdpass = Program.shell("JDK_JAVA_OPTIONS=-verbose:class " + Program.fdpassInShell()
                + " train send 2>&1 | grep -c -e 'dev.fdpass.cli.Sending ' -e picocli.CommandLine")) {
            fdpass.status();
            assertThat(fdpass.output()).isEqualTo("1\n");
        }
    }
}
