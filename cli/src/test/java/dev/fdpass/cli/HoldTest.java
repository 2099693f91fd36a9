package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.signals.CtrlC;
import dev.fdpass.waiting.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs come and go, and find again what they had open. */
@SuppressWarnings("try") // the one that holds is there to be asked by others
class HoldTest {
    @TempDir
    private Path directory;

    @Test
    void whatWasPutIsGotBackAsItWasWithItsPosition() throws Exception {
        Path log = directory.resolve("log");
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            Program.succeeds(
                    "{ echo one >&3; " + Program.fdpassInShell() + " hold put " + address + " log fd:3; } 3>" + log);
            Files.delete(log); // it lives on in what is held
            Program.succeeds(
                    Program.fdpassInShell() + " hold get " + address + " log -- sh -c 'echo two >&3; echo \"$LISTEN_FDS"
                            + " $LISTEN_FDNAMES $((LISTEN_PID == $$))\" >&3'");

            try (Program list = Program.fdpass("hold", "list", address)) {
                assertThat(list.status()).as(list.errors()).isZero();
                assertThat(list.output()).containsPattern("(?m)^ +log +regular +write +" + log + " \\(deleted\\)$");
            }
            Path held = Path.of("/proc/" + hold.pid() + "/fd/" + heldNumber(hold, log));
            assertThat(held).hasContent("one\ntwo\n1 log 1\n");
        }
    }

    private static int heldNumber(Program hold, Path file) {
        return DescriptorLeakCheck.openDescriptorsOf(hold.pid()).entrySet().stream()
                .filter(each -> each.getValue().startsWith(file.toString()))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Test
    void severalNamesAreGotTogetherInTheirOrder() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " zero /dev/zero");
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " both /dev/null /dev/full");
            try (Program get = Program.shell(
                    Program.fdpassInShell() + " hold get " + address
                            + " both:zero -- sh -c 'echo $LISTEN_FDNAMES; readlink /proc/$$/fd/3 /proc/$$/fd/4 /proc/$$/fd/5'")) {
                assertThat(get.status()).as(get.errors()).isZero();
                assertThat(get.output()).isEqualTo("both:both:zero\n/dev/null\n/dev/full\n/dev/zero\n");
            }
        }
    }

    @Test
    void whatIsRemovedIsClosed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " a " + file + " " + file);
            Program.succeeds(Program.fdpassInShell() + " hold remove " + address + " a");
            try (Program inspect = Program.fdpass("inspect", Long.toString(hold.pid()));
                    Program again = Program.fdpass("hold", "remove", address, "a");
                    Program get = Program.fdpass("hold", "get", address, "a", "--", "true")) {
                assertThat(inspect.status()).isZero();
                assertThat(inspect.output()).doesNotContain(file.toString());
                assertThat(again.status()).isEqualTo(4);
                assertThat(again.errors()).contains("nothing is held as a at " + address);
                assertThat(get.status()).isEqualTo(4);
                assertThat(get.errors()).contains("nothing is held as a");
            }
        }
    }

    @Test
    void moreThanItIsToHoldIsRefusedAndClosed() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address, "--max-fds=2")) {
            Bound.await(address);
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " a /dev/zero");
            try (Program more = Program.fdpass("hold", "put", address, "b", "/dev/full", "/dev/full")) {
                assertThat(more.status()).isEqualTo(4);
                assertThat(more.errors()).contains("1 descriptors are held and 2 would come to them; at most 2 are");
            }
            try (Program inspect = Program.fdpass("inspect", Long.toString(hold.pid()))) {
                assertThat(inspect.status()).isZero();
                assertThat(inspect.output()).contains("/dev/zero").doesNotContain("/dev/full");
            }
        }
    }

    @Test
    void whatMakesNoSenseIsAnswered() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            for (String request : new String[] {"nonsense", "put", "put a:b", "get ", "\\xff\\xff"}) {
                try (Program peer = Program.python("""
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        s.connect("\\0" + sys.argv[1][1:])
                        s.send(b"%s")
                        print(s.recv(1000).decode())
                        """.formatted(request), address)) {
                    assertThat(peer.status()).as(peer.errors()).isZero();
                    assertThat(peer.output()).startsWith("error ");
                }
            }
        }
    }

    /** A service as it is written for systemd: it counts in a memory file that it has stored, and ends. */
    private static final String COUNTS = """
            fds = int(os.environ.get("LISTEN_FDS", "0"))
            assert fds == 0 or os.environ["LISTEN_PID"] == str(os.getpid())
            if fds == 1:
                assert os.environ["LISTEN_FDNAMES"] == "counter", os.environ["LISTEN_FDNAMES"]
                memory = 3
            else:
                memory = os.memfd_create("counter")
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                address = os.environ["NOTIFY_SOCKET"]
                s.connect("\\0" + address[1:] if address[0] == "@" else address)
                socket.send_fds(s, [b"FDSTORE=1\\nFDNAME=counter"], [memory])
                r, w = os.pipe()
                socket.send_fds(s, [b"BARRIER=1"], [w])
                os.close(w)
                assert os.read(r, 1) == b""
            os.write(memory, b"x")
            print(os.fstat(memory).st_size, flush=True)
            """;

    @Test
    void aServiceIsRestartedAndFindsWhatItStored() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass(
                "hold",
                "run",
                address,
                "--restart=on-failure",
                "--",
                "python3",
                "-c",
                "import os, socket, sys, time\n" + COUNTS + "sys.exit(0 if os.fstat(memory).st_size == 3 else 1)")) {
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("1\n2\n3\n");
            assertThat(hold.errors()).contains("ended with status 1, is started again");
        }
    }

    @Test
    void whatTellsItToEndTellsTheService() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpassThatHearsCtrlC(
                "hold",
                "run",
                address,
                "--",
                "python3",
                "-uc",
                "import os, time\nprint(os.getpid(), os.environ['NOTIFY_SOCKET'])\ntime.sleep(60)")) {
            Waiting.until(() -> hold.output().endsWith("\n"));
            String[] said = hold.output().strip().split(" ", 2);
            long service = Long.parseLong(said[0]);
            Path ofHold = Path.of(said[1]).getParent();
            assertThat(Files.getPosixFilePermissions(ofHold)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            CtrlC.to(hold.pid());
            assertThat(hold.status()).isEqualTo(130);
            Waiting.until(() -> ProcessHandle.of(service).isEmpty());
            assertThat(ofHold).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hold",
                "hold nonsense",
                "hold run",
                "hold put @x",
                "hold put @x a",
                "hold put @x a:b /dev/null",
                "hold put @x a fd:x",
                "hold get @x",
                "hold get @x a",
                "hold get @x a:: -- true",
                "hold remove @x",
                "hold list @x --timeout=0s",
                "hold run @x --restart=perhaps",
                "hold run @x --max-fds=-1",
                "hold run @x --max-fds=1000000000"
            })
    void aWrongCommandLineEndsWith2(String arguments) throws Exception {
        try (Program fdpass = Program.fdpass(arguments.split(" "))) {
            assertThat(fdpass.status()).as(fdpass.errors()).isEqualTo(2);
            assertThat(fdpass.errors())
                    .startsWith("fdpass: ")
                    .endsWith("--help)\n")
                    .hasLineCount(1);
        }
    }
}
