package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.waiting.Waiting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command receives open files and becomes a program that has them, and nothing else. */
class ExecTest {
    @ParameterizedTest
    @CsvSource({"stream, SOCK_STREAM", "seqpacket, SOCK_SEQPACKET", "datagram, SOCK_DGRAM"})
    void theProgramHasTheFilesFrom3OnAndNoOthers(String type, String pythonType) throws Exception {
        String address = Bound.fresh();
        try (Program exec =
                        Program.fdpass("exec", address, "--type", type, "--timeout=60s", "--", "python3", "-c", """
                        import os
                        fds = os.listdir("/proc/self/fd")
                        here = [n for n in sorted(fds, key=int) if os.path.exists("/proc/self/fd/" + n)]
                        print(here, [os.readlink("/proc/self/fd/" + n) for n in here[3:]])
                        print(os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"] == str(os.getpid()), os.getpid())
                        print(os.environ["LISTEN_FDNAMES"])
                        """);
                Program send = Program.python(Python.SENDS, Bound.await(address), pythonType, "3", "x")) {
            assertThat(exec.status()).as(exec.errors()).isZero();
            assertThat(send.status()).isZero();
            assertThat(exec.output())
                    .isEqualTo("['0', '1', '2', '3', '4', '5'] ['/etc/passwd', '/etc/passwd', '/etc/passwd']\n"
                            + "3 True " + exec.pid() + "\nunknown:unknown:unknown\n");
        }
    }

    @Test
    void namesAreThoseThatWereAskedFor() throws Exception {
        String address = Bound.fresh();
        try (Program exec = Program.fdpass(
                        "exec", address, "--names=web:log", "--timeout=60s", "--", "sh", "-c", "echo $LISTEN_FDNAMES");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "2", "x")) {
            assertThat(exec.status()).as(exec.errors()).isZero();
            assertThat(exec.output()).isEqualTo("web:log\n");
            assertThat(send.status()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, '1 files came for 2 names'", "3, 'more than 2 files came for 2 names'"})
    void anotherNumberOfFilesIsRefused(int sent, String said) throws Exception {
        String address = Bound.fresh();
        try (Program exec =
                        Program.fdpass("exec", address, "--names=web:log", "--timeout=60s", "--", "echo", "started");
                Program send = Program.python(
                        Python.SENDS, Bound.await(address), "SOCK_STREAM", Integer.toString(sent), "x")) {
            assertThat(exec.status()).isEqualTo(4);
            assertThat(exec.errors()).contains(said);
            assertThat(exec.output()).isEmpty();
            assertThat(send.status()).isZero();
        }
    }

    @Test
    void aProgramThatIsNotThereIsSaid() throws Exception {
        String address = Bound.fresh();
        try (Program exec = Program.fdpass("exec", address, "--timeout=60s", "--", "/no/such/program");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "1", "x")) {
            assertThat(exec.status()).isEqualTo(4);
            assertThat(exec.errors())
                    .startsWith("fdpass: ")
                    .contains("/no/such/program", "ENOENT")
                    .hasLineCount(1);
            assertThat(send.status()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"stream, SOCK_STREAM, connection", "datagram, SOCK_DGRAM, message"})
    void filesOfAnotherUserAreNotTaken(String type, String pythonType, String what) throws Exception {
        String address = Bound.fresh();
        try (Program exec = Program.fdpass(
                "exec", address, "--type", type, "--timeout=60s", "--", "sh", "-c", "echo $LISTEN_FDS")) {
            Bound.await(address);
            try (Program stranger = Program.pythonOfAnother(Python.SENDS, address, pythonType, "3", "x")) {
                Waiting.until(() -> exec.errors().contains("a " + what + " of user 65534 was "));
                stranger.status();
            }
            try (Program send = Program.python(Python.SENDS, address, pythonType, "1", "x")) {
                assertThat(exec.status()).as(exec.errors()).isZero();
                assertThat(send.status()).isZero();
                assertThat(exec.output()).isEqualTo("1\n");
            }
        }
    }

    @Test
    void filesOfAnyUserAreTakenIfThatIsAskedFor() throws Exception {
        String address = Bound.fresh();
        try (Program exec = Program.fdpass(
                        "exec", address, "--any-user", "--timeout=60s", "--", "sh", "-c", "echo $LISTEN_FDS");
                Program stranger =
                        Program.pythonOfAnother(Python.SENDS, Bound.await(address), "SOCK_STREAM", "3", "x")) {
            assertThat(exec.status()).as(exec.errors()).isZero();
            assertThat(stranger.status()).isZero();
            assertThat(exec.output()).isEqualTo("3\n");
        }
    }

    @Test
    void aWordThatIsNoTextIsRefused() throws Exception {
        try (Program exec = Program.shell(Program.fdpassInShell() + " exec " + Bound.fresh() + " -- echo $'a\\xff'")) {
            assertThat(exec.status()).isEqualTo(2);
            assertThat(exec.errors()).contains("cannot be handed on as it is").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exec",
        "exec @x",
        "exec @x --",
        "exec @x --names=a/b:: -- true",
        "exec @x --connect --type=datagram -- true",
        "exec @x --timeout=0s -- true"
    })
    void aWrongCommandLineEndsWith2(String arguments) throws Exception {
        try (Program exec = Program.fdpass(arguments.split(" "))) {
            assertThat(exec.status()).as(exec.errors()).isEqualTo(2);
            assertThat(exec.errors())
                    .startsWith("fdpass: ")
                    .endsWith("--help)\n")
                    .hasLineCount(1);
        }
    }
}
