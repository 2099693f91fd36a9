package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.signals.CtrlC;
import dev.fdpass.waiting.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service stores, and what it is given when it is started anew. */
class HoldStoresTest {
    @TempDir
    private Path directory;

    private static Program holdPython(String code, String... options) {
        List<String> command = Program.fdpassCommand();
        command.addAll(List.of("hold", "run", Bound.fresh(), "--restart=on-failure"));
        command.addAll(List.of(options));
        command.addAll(List.of("--", "python3", "-c", Python.NOTIFIES + code));
        return Program.start(CtrlC.heardBy(command));
    }

    @Test
    void whatIsStoredAgainIsHeldOnce() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (Program hold = holdPython("""
                count = int(os.environ.get("LISTEN_FDS", "0"))
                if count == 0:
                    listener = socket.socket()
                    listener.listen()
                    fds = [os.memfd_create("memory"), listener.fileno(), os.eventfd(0), os.pidfd_open(os.getppid()),
                            *os.pipe(), os.open("%s", os.O_RDWR)]
                else:
                    fds = list(range(3, 3 + count))
                for fd in fds:
                    notify("FDSTORE=1\\nFDNAME=" + ("m" if os.readlink("/proc/self/fd/%%d" %% fd).startswith("/memfd") else "x"), fd)
                notify("FDSTORE=1\\nFDNAME=other", *fds)
                barrier()
                memory = fds[os.environ.get("LISTEN_FDNAMES", "m").split(":").index("m")]
                os.write(memory, b"x")
                print(count, flush=True)
                sys.exit(os.fstat(memory).st_size < 3)
                """.formatted(file))) {
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("0\n7\n7\n");
        }
    }

    @Test
    void twoOpenFilesOfOneFileAreHeldBoth() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        try (Program hold = holdPython("""
                if "LISTEN_FDS" not in os.environ:
                    fds = [os.open("%s", os.O_RDONLY), os.open("%s", os.O_RDONLY), os.eventfd(0), os.eventfd(0)]
                    notify("FDSTORE=1\\nFDNAME=x", *fds)
                    sys.exit(1)
                print(os.environ["LISTEN_FDS"])
                """.formatted(file, file))) {
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("4\n");
        }
    }

    @Test
    void whatHangsUpIsDroppedUnlessThatIsNotWanted() throws Exception {
        try (Program hold = holdPython("""
                if "LISTEN_FDS" not in os.environ:
                    (a, a2), (b, b2), (c, c2) = socket.socketpair(), socket.socketpair(), socket.socketpair()
                    notify("FDSTORE=1\\nFDNAME=gone", a.fileno())
                    notify("FDSTORE=1\\nFDNAME=kept\\nFDPOLL=0", b.fileno())
                    notify("FDSTORE=1\\nFDNAME=open", c.fileno(), c2.fileno())
                    barrier()
                    sys.exit(1)
                print(os.environ["LISTEN_FDNAMES"])
                """)) {
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("kept:open:open\n");
        }
    }

    @Test
    void whatTheServiceRemovesIsNotGivenAgain() throws Exception {
        try (Program hold = holdPython("""
                if "LISTEN_FDS" not in os.environ:
                    notify("FDSTORE=1\\nFDNAME=a", *os.pipe())
                    notify("FDSTORE=1\\nFDNAME=b", 0)
                    notify("FDSTOREREMOVE=1\\nFDNAME=a")
                    sys.exit(1)
                print(os.environ["LISTEN_FDNAMES"])
                """)) {
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("b\n");
        }
    }

    @Test
    void moreThanIsToBeHeldIsClosedAndSaid() throws Exception {
        try (Program hold = holdPython("""
                notify("FDSTORE=1\\nFDNAME=x", *[os.memfd_create("much") for _ in range(3)])
                barrier()
                print("stored", flush=True)
                time.sleep(60)
                """, "--max-fds=2")) {
            Waiting.until(() -> hold.output().equals("stored\n"));
            assertThat(hold.errors())
                    .contains("a notification of python3 was dropped: 0 descriptors are held and 3 would come")
                    .hasLineCount(1);
            Waiting.until(() -> {
                try (Program inspect = Program.fdpass("inspect", Long.toString(hold.pid()))) {
                    return inspect.status() == 0 && !inspect.output().contains("memfd:much");
                }
            });
            CtrlC.to(hold.pid());
            assertThat(hold.status()).isEqualTo(130);
        }
    }

    @Test
    void variablesThatWereNotMeantForTheServiceDoNotReachIt() throws Exception {
        try (Program hold = Program.shell("LISTEN_FDS=1 LISTEN_PID=1 LISTEN_FDNAMES=x " + Program.fdpassInShell()
                + " hold run " + Bound.fresh() + " --restart=never -- sh -c 'env | grep -c ^LISTEN_'")) {
            assertThat(hold.status()).as("grep finds none").isEqualTo(1);
            assertThat(hold.output()).isEqualTo("0\n");
        }
    }
}
