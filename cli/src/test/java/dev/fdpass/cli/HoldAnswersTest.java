package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked and answered between those that hold and those that ask. */
@SuppressWarnings("try") // the one that holds is there to be asked by others
class HoldAnswersTest {
    private static final int EACH = 250;

    @TempDir
    private Path directory;

    @Test
    void moreThanAMessageCarriesIsListedAndGiven() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(200)).resolve("e".repeat(200)));
        Path file = Files.createFile(deep.resolve("file"));
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address, "--max-fds=600")) {
            Bound.await(address);
            for (int i = 0; i < 2; i++) {
                List<String> put = Program.fdpassCommand();
                put.addAll(List.of("hold", "put", address, "many"));
                put.addAll(Collections.nCopies(EACH, file.toString()));
                try (Program program = Program.start(put)) {
                    assertThat(program.status()).as(program.errors()).isZero();
                }
            }
            try (Program list = Program.fdpass("hold", "list", address);
                    Program json = Program.fdpass("hold", "list", address, "--json");
                    Program get = Program.fdpass(
                            "hold",
                            "get",
                            address,
                            "many",
                            "--",
                            "sh",
                            "-c",
                            "echo $LISTEN_FDS; ls /proc/$$/fd | wc -l")) {
                assertThat(list.status()).as(list.errors()).isZero();
                assertThat(list.output()).hasLineCount(1 + 2 * EACH).hasSizeGreaterThan(200 * 1024);
                assertThat(json.status()).as(json.errors()).isZero();
                assertThat(json.output())
                        .isEqualTo(("{\"name\":\"many\",\"kind\":\"regular\",\"access\":\"read\",\"path\":\""
                                        + file.toRealPath() + "\"}\n")
                                .repeat(2 * EACH));
                assertThat(get.status()).as(get.errors()).isZero();
                assertThat(get.output().lines().findFirst()).hasValue(Integer.toString(2 * EACH));
            }
        }
    }

    @Test
    void anErrorSaysNotAllOfManyNames() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            try (Program puts = Program.python("""
                    for i in range(100):
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        s.connect("\\0" + sys.argv[1][1:])
                        socket.send_fds(s, [b"put name%03d" % i], [0])
                        assert s.recv(1000) == b"ok 1"
                    """, address);
                    Program waited = Program.fdpass("hold", "list", address, "--timeout=60s")) {
                assertThat(puts.status()).as(puts.errors()).isZero();
                assertThat(waited.status()).isZero();
            }
            try (Program get = Program.fdpass("hold", "get", address, "other", "--", "true")) {
                assertThat(get.status()).isEqualTo(4);
                assertThat(get.errors())
                        .contains("nothing is held as other; held are name000, ", "name009 and 90 more\n")
                        .doesNotContain("name010");
            }
        }
    }

    @Test
    void whatIsPutWithoutTheAnswerBeingTakenIsNotHeld() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            try (Program put = Program.python("""
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                    s.connect("\\0" + sys.argv[1][1:])
                    s.shutdown(socket.SHUT_RD)
                    socket.send_fds(s, [b"put a"], [os.open("/dev/full", os.O_RDONLY)])
                    while s.send(b"x"):
                        time.sleep(0.01)
                    """, address)) {
                assertThat(put.status()).as("it ends when the connection does").isNotZero();
                assertThat(put.errors()).containsPattern("Broken pipe|Connection reset");
            }
            try (Program list = Program.fdpass("hold", "list", address);
                    Program inspect = Program.fdpass("inspect", Long.toString(hold.pid()))) {
                assertThat(list.status()).as(list.errors()).isZero();
                assertThat(list.output()).hasLineCount(1);
                assertThat(inspect.status()).as(inspect.errors()).isZero();
                assertThat(inspect.output()).contains("/dev/null").doesNotContain("/dev/full");
            }
        }
    }

    @Test
    void anotherUserIsToldWhyItIsRefused() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            try (Program stranger = Program.pythonOfAnother("""
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                            s.connect("\\0" + sys.argv[1][1:])
                            socket.send_fds(s, [b"put a"], [0])
                            print(s.recv(1000).decode())
                            """, address);
                    Program list = Program.fdpass("hold", "list", address)) {
                assertThat(stranger.status()).as(stranger.errors()).isZero();
                assertThat(stranger.output()).isEqualTo("error descriptors of user 0 are not for user 65534\n");
                assertThat(list.status()).as(list.errors()).isZero();
                assertThat(list.output()).hasLineCount(1);
            }
        }
    }

    @Test
    void nothingIsGivenToAServerOfAnotherUser() throws Exception {
        String address = Bound.fresh();
        try (Program stranger = Program.pythonOfAnother("""
                s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                s.bind("\\0" + sys.argv[1][1:])
                s.listen()
                connection, _ = s.accept()
                print(socket.recv_fds(connection, 1000, 10)[:2])
                """, address)) {
            try (Program put = Program.fdpass("hold", "put", address, "a", "/etc/shadow", "--timeout=60s")) {
                assertThat(put.status()).isEqualTo(4);
                assertThat(put.errors()).contains("listens user 65534, neither user 0 nor root; nothing was sent");
            }
            assertThat(stranger.status()).as(stranger.errors()).isZero();
            assertThat(stranger.output()).isEqualTo("(b'', [])\n");
        }
    }

    @Test
    void whatAServerSaysReachesNoTerminalAsItIs() throws Exception {
        for (String name : new String[] {"a", "\\x1bb"}) {
            String address = Bound.fresh();
            try (Program server = Program.python("""
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                            s.bind("\\0" + sys.argv[1][1:])
                            s.listen()
                            connection, _ = s.accept()
                            connection.recv(1000)
                            connection.send(b"more %s\\treg\\x1bular\\trea")
                            connection.send(b"ok d\\tpath\\n")
                            """.formatted(name), address);
                    Program list = Program.fdpass("hold", "list", address, "--timeout=60s")) {
                assertThat(list.status()).as(list.errors()).isEqualTo(name.equals("a") ? 0 : 4);
                assertThat(server.status()).as(server.errors()).isZero();
                assertThat(list.output() + list.errors())
                        .contains("reg\\u001bular")
                        .doesNotContain("\u001b");
            }
        }
    }

    @Test
    void nobodyListeningIsSaidAtOnceAndATimeoutInItsTime() throws Exception {
        String address = Bound.fresh();
        List<String> said = new ArrayList<>();
        for (String option : new String[] {"--json", "--timeout=100ms"}) {
            try (Program list = Program.fdpass("hold", "list", address, option)) {
                said.add(list.status() + " " + list.errors());
            }
        }
        assertThat(said.getFirst()).startsWith("4 fdpass: ").contains("ECONNREFUSED");
        assertThat(said.getLast())
                .startsWith("3 fdpass: timed out after 100 ms, waiting for somebody who listens at " + address);
    }
}
