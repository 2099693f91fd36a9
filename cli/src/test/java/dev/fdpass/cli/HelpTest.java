package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelpTest {
    @ParameterizedTest
    @CsvSource({
        "--help, demo send receive exec hold inspect varlink generate-completion --help --version",
        "send --help, ADDRESS FILE fd:N stream datagram seqpacket --type --data --data-file --listen --timeout",
        "receive --help, ADDRESS --type --connect --max-fds --max-bytes --count --timeout --json --cat --save",
        "exec --help, ADDRESS COMMAND --type --connect --names --timeout --any-user LISTEN_FDS",
        "hold --help, run put get list remove",
        "hold run --help, ADDRESS COMMAND --restart --max-fds always on-failure never NOTIFY_SOCKET FDSTORE=1 FDPOLL=0 status",
        "hold put --help, ADDRESS NAME FILE fd:N --timeout",
        "hold get --help, ADDRESS NAME COMMAND LISTEN_FDNAMES --timeout",
        "hold list --help, ADDRESS --timeout --json",
        "hold remove --help, ADDRESS NAME --timeout",
        "inspect --help, TARGET process PID:N fd:N --json",
        "varlink --help, call introspect serve",
        "varlink call --help, ADDRESS METHOD PARAMETERS --fd --more --oneway --cat --timeout unix:",
        "varlink introspect --help, ADDRESS INTERFACE --json --timeout",
        "varlink serve --help, ADDRESS DESCRIPTION COMMAND --fd fd:N VARLINK_METHOD VARLINK_FDS",
        "demo --help, pipe eventfd memory TCP"
    })
    void mentionsEverything(String arguments, String mentioned) throws Exception {
        try (Program fdpass = Program.fdpass(arguments.split(" "))) {
            assertThat(fdpass.status()).isZero();
            assertThat(fdpass.errors()).isEmpty();
            assertThat(fdpass.output())
                    .contains(mentioned.split(" "))
                    .doesNotContain("demo-peer", "train")
                    .as("fd:N and JSON are not broken")
                    .doesNotContain("fd:\n", "\":\n");
        }
    }

    @Test
    void theVersionIsOneLineAndTheJavaItRunsOn() throws Exception {
        try (Program fdpass = Program.fdpass("--version")) {
            assertThat(fdpass.status()).isZero();
            assertThat(fdpass.output())
                    .startsWith("fdpass ")
                    .contains("Java " + System.getProperty("java.version"))
                    .doesNotContain("unknown");
        }
    }

    @Test
    void theShellCanCompleteIt() throws Exception {
        try (Program fdpass = Program.shell(Program.fdpassInShell()
                + " generate-completion > /dev/stdout | bash -c 'source /dev/stdin; complete -p fdpass'")) {
            assertThat(fdpass.status()).as(fdpass.errors()).isZero();
            assertThat(fdpass.output()).contains("_complete_fdpass");
        }
    }
}
