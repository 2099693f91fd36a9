package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.waiting.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InspectTest {
    /** Opens something of every kind at numbers of its own, says when it is there, and waits to be ended. */
    private static final String HAS_MUCH = """
            def at(number, fd):
                os.dup2(fd, number)
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            at(40, listener.fileno())
            client = socket.create_connection(listener.getsockname())
            at(41, client.fileno())
            udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            udp.bind(("::1", 0))
            at(42, udp.fileno())
            unix = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            unix.bind(sys.argv[1])
            unix.listen()
            at(43, unix.fileno())
            f = os.open(sys.argv[2], os.O_RDWR | os.O_APPEND)
            os.write(f, b"12345")
            at(44, f)
            r, w = os.pipe()
            os.set_blocking(r, False)
            at(45, r)
            at(46, os.pidfd_open(os.getpid()))
            print(listener.getsockname()[1], client.getsockname()[1], udp.getsockname()[1], flush=True)
            time.sleep(60)
            """;

    @TempDir
    private Path directory;

    @Test
    void showsEveryDescriptorOfAProcess() throws Exception {
        Path file = Files.createFile(directory.resolve("a file"));
        Path address = directory.resolve("a socket");
        try (Program peer = Program.python(HAS_MUCH, address.toString(), file.toString())) {
            Waiting.until(() -> peer.output().endsWith("\n"));
            String[] ports = peer.output().strip().split(" ", 3);
            try (Program inspect = Program.fdpass("inspect", Long.toString(peer.pid()))) {
                assertThat(inspect.status()).as(inspect.errors()).isZero();
                assertThat(inspect.output())
                        .startsWith("process " + peer.pid() + " (python3), ")
                        .containsPattern(
                                "(?m)^ +40 +socket +read write .* tcp listening at 127.0.0.1:" + ports[0] + "$")
                        .containsPattern("(?m)^ +41 +socket +read write .* tcp established 127.0.0.1:" + ports[1]
                                + " to 127.0.0.1:" + ports[0] + "$")
                        .containsPattern(
                                "(?m)^ +42 +socket .* udp6 unconnected at \\[0:0:0:0:0:0:0:1]:" + ports[2] + "$")
                        .containsPattern("(?m)^ +43 +socket .* unix seqpacket listening at " + address + "$")
                        .containsPattern("(?m)^ +44 +regular +read write +append +5 +5 +" + file.toRealPath() + "$")
                        .containsPattern("(?m)^ +45 +pipe +read +nonblock +pipe:\\[\\d+]$")
                        .containsPattern("(?m)^ +46 +pidfd .* Pid " + peer.pid() + ", NSpid ");
            }
        }
    }

    @Test
    void tellsProgramsInJson() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "12345");
        try (Program inspect = Program.shell(Program.fdpassInShell() + " inspect fd:7 --json 7<>'" + file + "'")) {
            assertThat(inspect.status()).as(inspect.errors()).isZero();
            assertThat(inspect.output())
                    .containsPattern("^\\{\"process\":\\d+,\"program\":\"java\",\"fds\":\\[\\{\"number\":7,")
                    .contains("\"kind\":\"regular\",\"access\":\"read write\",\"flags\":[],\"closeOnExec\":false,"
                            + "\"position\":0,\"size\":5,\"device\":" + Files.getAttribute(file, "unix:dev")
                            + ",\"inode\":" + Files.getAttribute(file, "unix:ino") + ",\"path\":\"" + file.toRealPath()
                            + "\"")
                    .endsWith("]}\n");
        }
    }

    @Test
    void showsOneDescriptorOfAProcess() throws Exception {
        try (Program peer = Program.python("print('x', flush=True); time.sleep(60)")) {
            Waiting.until(() -> !peer.output().isEmpty());
            try (Program inspect = Program.fdpass("inspect", peer.pid() + ":0", peer.pid() + ":1")) {
                assertThat(inspect.status()).as(inspect.errors()).isZero();
                assertThat(inspect.output())
                        .containsPattern("(?m)^ +0 +character device +read +/dev/null$")
                        .containsPattern("(?m)^ +1 +regular +write .*fdpass-test-.*\\.out$");
            }
        }
    }

    @Test
    void namesThatAProcessAndItsSocketsGiveThemselvesDoNoHarm() throws Exception {
        try (Program peer = Program.python("""
                def bound(name):
                    s = socket.socket(socket.AF_UNIX)
                    s.bind(name)
                    return s
                one = bound(b"\\0" + sys.argv[1].encode() + b"\\xc3\\xa4")
                two = bound(b"\\0" + sys.argv[1].encode() + b"two")
                os.dup2(one.fileno(), 40)
                os.dup2(two.fileno(), 41)
                nonsense = bound(b"\\0\\na b c d e f g " + sys.argv[1].encode())
                false = bound(b"\\0\\n0: 00000002 00000000 00010000 0001 01 %d /x" % os.fstat(two.fileno()).st_ino)
                open("/proc/self/comm", "wb").write(b"p\\xff\\x1bq")
                print("x", flush=True)
                time.sleep(60)
                """, Bound.fresh())) {
            Waiting.until(() -> !peer.output().isEmpty());
            try (Program inspect = Program.fdpass("inspect", Long.toString(peer.pid()));
                    Program json = Program.fdpass("inspect", "--json", peer.pid() + ":40")) {
                assertThat(inspect.status()).as(inspect.errors()).isZero();
                assertThat(inspect.output())
                        .startsWith("process " + peer.pid() + " (p")
                        .contains("\\u001bq), ")
                        .containsPattern("(?m)^ +40 +socket .* unix stream unconnected at @@fdpass-test-")
                        .containsPattern("(?m)^ +41 +socket .* unix \\(contradictory in /proc/net/unix\\)$");
                assertThat(json.status()).as(json.errors()).isZero();
                assertThat(json.output()).contains("-\u00e4\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0", "12:", "fd:", "fd:x", ":5", "-3", "1:2:3", "99999999999"})
    void whatIsNoTargetIsAMistakeOfTheCaller(String target) throws Exception {
        try (Program inspect = Program.fdpass("inspect", "--", target)) {
            assertThat(inspect.status()).isEqualTo(2);
            assertThat(inspect.errors()).contains("TARGET '" + target + "'").contains("1234:5");
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        try (Program noProcess = Program.fdpass("inspect", "4194305");
                Program notInherited = Program.fdpass("inspect", "fd:77");
                Program notOpen =
                        Program.fdpass("inspect", ProcessHandle.current().pid() + ":999999")) {
            assertThat(noProcess.status()).isEqualTo(4);
            assertThat(noProcess.errors()).isEqualTo("fdpass: there is no process 4194305\n");
            assertThat(notInherited.status()).isEqualTo(1);
            assertThat(notInherited.errors()).contains("fd:77 was not inherited");
            assertThat(notOpen.status()).isEqualTo(4);
            assertThat(notOpen.errors()).contains("/fd/999999", "ENOENT");
        }
    }
}
