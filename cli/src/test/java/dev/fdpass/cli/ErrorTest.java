package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "send",
                "send @nobody",
                "send @nobody fd:x",
                "send @nobody /etc/passwd --type=foo",
                "send @nobody /etc/passwd --data",
                "send @nobody /etc/passwd --data=",
                "send @nobody /etc/passwd --data a --data b",
                "send @nobody /etc/passwd --data a --data-file /etc/passwd",
                "send @nobody /etc/passwd --listen --type datagram",
                "send @nobody /etc/passwd --timeout 5",
                "send @nobody /etc/passwd --timeout 0s",
                "send @ /etc/passwd",
                "receive",
                "receive @nobody --max-fds 254",
                "receive @nobody --max-fds=-1",
                "receive @nobody --max-bytes 0",
                "receive @nobody --count 0",
                "receive @nobody --connect --type datagram",
                "receive @nobody --nonsense",
                "demo --nonsense"
            })
    void aWrongCommandLineEndsWith2AndSaysHowToGetHelp(String arguments) throws Exception {
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
        try (Program fdpass = Program.fdpass(words)) {
            assertThat(fdpass.status()).isEqualTo(2);
            assertThat(fdpass.output()).isEmpty();
            assertThat(fdpass.errors())
                    .startsWith("fdpass: ")
                    .endsWith("--help)\n")
                    .hasLineCount(1);
        }
    }

    @Test
    void moreFilesThanAMessageCarriesAreRefused() throws Exception {
        String[] words = new String[2 + 254];
        java.util.Arrays.fill(words, "/dev/null");
        words[0] = "send";
        words[1] = "@nobody";
        try (Program fdpass = Program.fdpass(words)) {
            assertThat(fdpass.status()).isEqualTo(2);
            assertThat(fdpass.errors()).startsWith("fdpass: 254 files; one message carries at most 253");
        }
    }

    @Test
    void timeoutsEndWith3AndLeaveNoFile() throws Exception {
        Path socket = directory.resolve("socket");
        try (Program fdpass = Program.fdpass("receive", socket.toString(), "--timeout", "100ms")) {
            assertThat(fdpass.status()).isEqualTo(3);
            assertThat(fdpass.errors())
                    .isEqualTo("fdpass: timed out after 100 ms, waiting for a connection to " + socket + "\n");
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void nobodyThereEndsWith4() throws Exception {
        String address = Bound.fresh();
        try (Program fdpass = Program.fdpass("send", address, "/etc/passwd")) {
            assertThat(fdpass.status()).isEqualTo(4);
            assertThat(fdpass.errors())
                    .isEqualTo("fdpass: connect " + address + ": ECONNREFUSED (Connection refused)\n");
        }
    }

    @Test
    void aFileThatIsNotThereEndsWith4() throws Exception {
        String address = Bound.fresh();
        try (Program fdpass = Program.fdpass("send", address, "/nowhere")) {
            assertThat(fdpass.status()).isEqualTo(4);
            assertThat(fdpass.errors()).isEqualTo("fdpass: open /nowhere: ENOENT (No such file or directory)\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd:250", "fd:3"}) // which a Java machine opens for itself, without close-on-exec
    void aDescriptorThatWasNotInheritedEndsWith1(String file) throws Exception {
        try (Program fdpass = Program.fdpass("send", Bound.fresh(), file)) {
            assertThat(fdpass.status()).isEqualTo(1);
            assertThat(fdpass.errors())
                    .startsWith("fdpass: " + file + " was not inherited")
                    .hasLineCount(1);
        }
    }

    @Test
    void noDataForAStreamEndsWith1() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        try (Program fdpass = Program.fdpass("send", Bound.fresh(), "/dev/null", "--data-file=" + empty)) {
            assertThat(fdpass.status()).isEqualTo(1);
            assertThat(fdpass.errors()).contains("is empty").hasLineCount(1);
        }
    }

    @Test
    void aFileInTheWayEndsWith4AndStays() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "stays");
        try (Program fdpass = Program.fdpass("receive", file.toString())) {
            assertThat(fdpass.status()).isEqualTo(4);
            assertThat(fdpass.errors()).isEqualTo("fdpass: bind " + file + ": EADDRINUSE (Address already in use)\n");
            assertThat(file).hasContent("stays");
        }
    }

    @Test
    void aSenderThatSendsNothingEndsWith4() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--timeout=60s");
                Program sender = Program.python(
                        "socket.socket(socket.AF_UNIX).connect('\\0' + sys.argv[1][1:])", Bound.await(address))) {
            assertThat(receive.status()).isEqualTo(4);
            assertThat(sender.status()).isZero();
            assertThat(receive.errors())
                    .contains("closed the connection before a message")
                    .hasLineCount(1);
        }
    }

    @Test
    void nothingToCopyEndsWith4() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--cat", "--timeout=60s");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "0", "x")) {
            assertThat(receive.status()).isEqualTo(4);
            assertThat(send.status()).isZero();
            assertThat(receive.errors()).endsWith("fdpass: no regular file or pipe arrived that could be copied\n");
        }
    }

    @Test
    void aClosedOutputIsNoNews() throws Exception {
        String address = Bound.fresh();
        // The reader is gone before anything is written.
        try (Program receive = Program.shell("{ " + Program.fdpassInShell() + " receive " + address
                        + " --json --timeout=60s; echo status $? >&2; } | exec true");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "1", "x")) {
            receive.status();
            assertThat(send.status()).isZero();
            assertThat(receive.errors()).isEqualTo("status 1\n");
        }
    }

    @Test
    void aFullOutputEndsWith4() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.shell(
                        Program.fdpassInShell() + " receive " + address + " --json --timeout=60s >/dev/full");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "1", "x")) {
            assertThat(receive.status()).isEqualTo(4);
            assertThat(send.status()).isZero();
            assertThat(receive.errors()).startsWith("fdpass: ").contains("No space left on device");
        }
    }
}
