package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"stream, SOCK_STREAM, 1", "seqpacket, SOCK_SEQPACKET, 0", "datagram, SOCK_DGRAM, 0"})
    void pythonReceivesOnEveryTypeOfSocket(String type, String pythonType, int bytes) throws Exception {
        Path one = Files.writeString(directory.resolve("one"), "content of one\n");
        Path two = Files.writeString(directory.resolve("two"), "content of two\n");
        String address = Bound.fresh();
        try (Program receive = Program.python(Python.RECEIVES, address, pythonType);
                Program send =
                        Program.fdpass("send", Bound.await(address), one.toString(), two.toString(), "--type", type)) {
            assertThat(send.status()).as(send.errors()).isZero();
            assertThat(send.output() + send.errors()).isEmpty();
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(receive.output())
                    .isEqualTo("b'" + "\\x00".repeat(bytes) + "' 2\ncontent of one\ncontent of two\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "seqpacket", "datagram"})
    void withATimeLimitItWaitsForSomebodyToListen(String type) throws Exception {
        String address = Bound.fresh();
        try (Program send = Program.fdpass("send", address, "/dev/null", "--timeout=60s", "--type", type)) {
            Thread.sleep(500); // so that it finds nobody at first
            try (Program receive = Program.fdpass("receive", address, "--timeout=60s", "--type", type)) {
                assertThat(send.status()).as(send.errors()).isZero();
                assertThat(receive.status()).as(receive.errors()).isZero();
                assertThat(receive.output()).contains("/dev/null");
            }
        }
    }

    @Test
    void aTimeLimitWithNobodyListeningEndsAsTimedOut() throws Exception {
        try (Program send = Program.fdpass("send", Bound.fresh(), "/dev/null", "--timeout=300ms")) {
            assertThat(send.status()).isEqualTo(3);
            assertThat(send.errors()).contains("timed out").contains("listens");
        }
    }

    @Test
    void dataGoesAlong() throws Exception {
        String address = Bound.fresh();
        try (Program receive = Program.python(Python.RECEIVES, address, "SOCK_STREAM");
                Program send = Program.fdpass("send", Bound.await(address), "/dev/null", "--data", "hello")) {
            assertThat(send.status()).as(send.errors()).isZero();
            assertThat(receive.status()).isZero();
            assertThat(receive.output()).isEqualTo("b'hello' 1\n");
        }
    }

    @Test
    void dataMayComeFromAFile() throws Exception {
        Path data = Files.write(directory.resolve("data"), new byte[] {1, (byte) 0xff});
        String address = Bound.fresh();
        try (Program receive = Program.python(Python.RECEIVES, address, "SOCK_DGRAM");
                Program send = Program.fdpass(
                        "send", Bound.await(address), "/dev/null", "--data-file=" + data, "--type=datagram")) {
            assertThat(send.status()).as(send.errors()).isZero();
            assertThat(receive.status()).isZero();
            assertThat(receive.output()).isEqualTo("b'\\x01\\xff' 1\n");
        }
    }

    @Test
    void anInheritedDescriptorIsSentAsItIsOpen() throws Exception {
        Path log = directory.resolve("log");
        String address = Bound.fresh();
        try (Program receive = Program.fdpass("receive", address, "--timeout=60s");
                Program send = Program.shell("exec 9>>'" + log + "'; " + Program.fdpassInShell() + " send "
                        + Bound.await(address) + " fd:9")) {
            assertThat(send.status()).as(send.errors()).isZero();
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(receive.output()).containsPattern("regular +write +0 +\\d+ +" + log.toRealPath());
        }
    }

    @Test
    void waitsForTheReceiverIfAskedTo() throws Exception {
        Path socket = directory.resolve("socket");
        try (Program send = Program.fdpass("send", socket.toString(), "/dev/null", "--listen", "--timeout=60s");
                Program receive =
                        Program.python(Python.CONNECTS_AND_RECEIVES, Bound.await(socket.toString()), "SOCK_STREAM")) {
            assertThat(send.status()).as(send.errors()).isZero();
            assertThat(receive.status()).as(receive.errors()).isZero();
            assertThat(receive.output()).isEqualTo("b'\\x00' 1\n");
            assertThat(socket).doesNotExist();
        }
    }
}
