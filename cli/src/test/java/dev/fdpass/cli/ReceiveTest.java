package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.waiting.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveTest {
    private static final String PASSWD = "\"path\":\"/etc/passwd\"";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 31, 32, 33, 34, 253})
    @DisplayName("R01, R03: what is beyond --max-fds is closed, told and no failure")
    void showsWhatFitsAndClosesTheRest(int sent) throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--max-fds", "1", "--json", "--timeout", "60s");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "" + sent, "hello")) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(send.status()).isZero();
            assertThat(receive.output())
                    .startsWith("{\"bytes\":5,\"data\":\"hello\",\"fds\":[{\"number\":")
                    .contains("\"kind\":\"regular\",\"access\":\"read\"," + PASSWD)
                    .containsOnlyOnce("\"number\":")
                    .contains("\"payloadTruncated\":false,\"controlTruncated\":" + (sent > 1))
                    .contains("\"peer\":{\"pid\":" + send.pid() + ",\"uid\":");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 34, 252})
    @DisplayName("R01, R03: nothing beyond --max-fds is held, not even for as long as the message is dealt with")
    void holdsNoMoreThanItShould(int more, @TempDir Path directory) throws Exception {
        Path done = directory.resolve("done");
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--max-fds=1", "--cat", "--timeout=60s");
                Program send = Program.python("""
                        s = socket.socket(socket.AF_UNIX)
                        s.connect("\\0" + sys.argv[1][1:])
                        r, w = os.pipe()
                        more = [os.open("/etc/passwd", os.O_RDONLY) for _ in range(int(sys.argv[2]))]
                        socket.send_fds(s, [b"x"], [r] + more)
                        while not os.path.exists(sys.argv[3]):
                            time.sleep(0.01)
                        """, Bound.await(address), Integer.toString(more), done.toString())) {
            // It copies from the pipe, which does not end before the sender does.
            Waiting.until(() -> receive.errors().contains("pipe"));
            try {
                // On a thread of its own it is closed.
                Waiting.until(() ->
                        !DescriptorLeakCheck.openDescriptorsOf(receive.pid()).containsValue("/etc/passwd"));
            } finally {
                Files.createFile(done);
            }
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(send.status()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"stream, SOCK_STREAM", "seqpacket, SOCK_SEQPACKET", "datagram, SOCK_DGRAM"})
    void receivesOnEveryTypeOfSocket(String type, String pythonType) throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--type", type, "--timeout", "60s");
                Program send = Program.python(Python.SENDS, Bound.await(address), pythonType, "2", "hello")) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(receive.output())
                    .startsWith("message 1: 5 bytes \"hello\", 2 descriptors")
                    .containsPattern("\\d+ +regular +read +\\d+ +\\d+ +/etc/passwd");
            if (type.equals("datagram")) {
                assertThat(receive.output()).doesNotContain("from pid");
            } else {
                assertThat(receive.output()).contains("from pid " + send.pid() + " uid ");
            }
        }
    }

    @Test
    void bytesThatAreNotTextComeInBase64() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass(
                        "receive", address, "--json", "--type=datagram", "--max-bytes=2", "--timeout=60s");
                Program send = Program.python(
                        "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
                                + "s.sendto(b'\\xff\\xfe\\xfd', '\\0' + sys.argv[1][1:])",
                        Bound.await(address))) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(send.status()).isZero();
            assertThat(receive.output())
                    .isEqualTo("{\"bytes\":2,\"dataBase64\":\"//4=\",\"fds\":[],\"payloadTruncated\":true,"
                            + "\"controlTruncated\":false,\"peer\":null}\n");
        }
    }

    @Test
    void catCopiesFromTheOffsetAndLeavesItAlone() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--cat", "--timeout=60s");
                Program send = Program.python("""
                        s = socket.socket(socket.AF_UNIX)
                        s.connect("\\0" + sys.argv[1][1:])
                        f = os.memfd_create("text")
                        os.write(f, b"one two")
                        os.lseek(f, 4, os.SEEK_SET)
                        socket.send_fds(s, [b"x"], [f])
                        s.recv(1)
                        print(os.lseek(f, 0, os.SEEK_CUR))
                        """, Bound.await(address))) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(receive.output()).isEqualTo("two");
            assertThat(receive.errors()).startsWith("message 1: 1 byte").contains("memfd");
            assertThat(send.status()).isZero();
            assertThat(send.output()).isEqualTo("4\n");
        }
    }

    @Test
    void catCopiesAPipeToItsEnd() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--cat", "--timeout=60s");
                Program send = Program.python("""
                        s = socket.socket(socket.AF_UNIX)
                        s.connect("\\0" + sys.argv[1][1:])
                        r, w = os.pipe()
                        socket.send_fds(s, [b"x"], [r])
                        os.write(w, b"through the pipe")
                        """, Bound.await(address))) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(receive.output()).isEqualTo("through the pipe");
            assertThat(send.status()).isZero();
        }
    }

    @Test
    void saveNeverOverwritesAndNeverLeavesTheDirectory(@TempDir Path directory) throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "untouched");
        Path into = Files.createDirectory(directory.resolve("into"));
        Files.createSymbolicLink(into.resolve("passwd"), outside);
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--save", into.toString(), "--timeout=60s");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "2", "x")) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(send.status()).isZero();
            assertThat(outside).hasContent("untouched");
            Path passwd = Path.of("/etc/passwd");
            assertThat(into.resolve("passwd.2")).hasSameBinaryContentAs(passwd);
            assertThat(into.resolve("passwd.3")).hasSameBinaryContentAs(passwd);
            assertThat(into).isDirectoryNotContaining("glob:**/passwd.4");
        }
    }

    @Test
    void endsWithTheSenderAfterAtLeastOneMessage() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--count=3", "--timeout=60s");
                Program send = Program.python(Python.SENDS, Bound.await(address), "SOCK_STREAM", "1", "only")) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(send.status()).isZero();
            assertThat(receive.output()).startsWith("message 1: 4 bytes").doesNotContain("message 2");
        }
    }

    @Test
    void connectsIfAskedTo() throws Exception {
        String address = Bound.fresh();
        try (Program send = Program.fdpass(
                        "send", address, "/etc/passwd", "--listen", "--type=seqpacket", "--timeout=60s");
                Program receive = Program.fdpass(
                        "receive", Bound.await(address), "--connect", "--type=seqpacket", "--timeout=60s")) {
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(send.status()).as(send.errors()).isZero();
            assertThat(receive.output()).startsWith("message 1: 0 bytes, 1 descriptor, from pid " + send.pid());
        }
    }
}
