package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fdpass.OwnedFd;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.varlink.Files.Opened;
import java.io.EOFException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client of ours calls a service that nobody here wrote, in a process of its own. */
class PythonServesTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** What is called. */
    private interface Calls {
        void run(VarlinkClient client) throws Exception;
    }

    private static void run(String script, Calls calls, String... arguments) throws Exception {
        String address = "@fdpass-varlink-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        try (ChildProcess python = PythonVarlink.start("varlink = accept()\n" + script, address, arguments)) {
            python.awaitOutput("listens\n");
            try (VarlinkClient client = VarlinkClient.connect("unix:" + address)) {
                client.setRequestTimeout(Duration.ofSeconds(60));
                calls.run(client);
            }
            python.await().outputOfSuccess();
        }
    }

    private static final String ONE_REPLY = """
            call, fds = varlink.receive()
            bad, word = eval(sys.argv[2]), memory(b"a")
            varlink.send_bytes(bad if isinstance(bad, bytes) else json.dumps(bad).encode() + b"\\0", word, word)
            varlink.peer.shutdown(socket.SHUT_WR)
            """;

    @Test
    void callsAreWrittenAsTheProtocolSays() throws Exception {
        run("""
                call, fds = varlink.receive()
                assert call == {"method": "a.b.Nothing"} and fds == [], call
                varlink.send({})
                call, fds = varlink.receive()
                assert call == {"method": "a.b.Oneway", "parameters": {"x": 1}, "oneway": True}, call
                call, fds = varlink.receive()
                assert call == {"method": "a.b.Fds", "parameters": {"last": 2, "first": 1, "number": 0}}, call
                texts = [os.pread(fd, 9, 0) for fd in fds]
                assert texts == [b"by number", b"first", b"last"], texts
                varlink.send({"parameters": {"file": 1}}, fds[1], fds[2])
                call, fds = varlink.receive()
                assert call == {"method": "org.example.files.Open", "parameters": {"path": "x"}}, call
                varlink.send({"parameters": {"file": 0, "size": 3, "unknown": [1]}, "error": None}, memory(b"mem"))
                """, client -> {
            try (OwnedFd first = TestFiles.holding("first");
                    OwnedFd last = TestFiles.holding("last");
                    OwnedFd number = TestFiles.holding("by number")) {
                client.call("a.b.Nothing", Map.of()).close();
                client.oneway("a.b.Oneway", Map.of("x", 1));
                Map<String, Object> parameters = new java.util.LinkedHashMap<>();
                parameters.put("number", 0);
                parameters.put("first", first);
                parameters.put("last", last);
                try (Reply reply = client.call("a.b.Fds", parameters, number);
                        OwnedFd file = reply.takeFd("file")) {
                    assertThat(TestFiles.text(file)).isEqualTo("last");
                    assertThat(reply.fdCount()).isEqualTo(2);
                    assertThatExceptionOfType(ProtocolException.class)
                            .isThrownBy(() -> reply.takeFd("file"))
                            .withMessageContaining("descriptor 1 is named twice");
                    assertThatExceptionOfType(ProtocolException.class)
                            .isThrownBy(() -> reply.takeFd("elif"))
                            .withMessageContaining("there is no such member");
                }
            }
            Opened opened = client.proxy(Files.class).open("x", Optional.empty());
            try (OwnedFd file = opened.file()) {
                assertThat(TestFiles.text(file)).isEqualTo("mem");
            }
        });
    }

    @Test
    void manyRepliesUntilOneDoesNotContinue() throws Exception {
        run(
                """
                call, fds = varlink.receive()
                assert call == {"method": "a.b.Watch", "more": True}, call
                for i in range(100):
                    varlink.send({"parameters": {"file": 0, "size": i}, "continues": i < 99}, memory(b"%d" % i))
                call, fds = varlink.receive()
                varlink.send({"parameters": {}})
                varlink.receive()
                varlink.send({"error": "a.b.Broken", "parameters": {"why": "so"}}, memory(b"nobody wants that"))
                """,
                client -> {
                    try (Replies<Opened> replies = client.more("a.b.Watch", Map.of(), Opened.class)) {
                        for (int i = 0; i < 100; i++) {
                            Opened opened = replies.next().orElseThrow();
                            try (OwnedFd file = opened.file()) {
                                assertThat(TestFiles.text(file)).isEqualTo(Integer.toString(i));
                            }
                        }
                        assertThat(replies.next()).isEmpty();
                    }
                    try (Replies<Opened> replies = client.more("a.b.Watch", Map.of(), Opened.class)) {
                        assertThat(replies.next())
                                .as("an empty reply of nothing")
                                .isEmpty();
                    }
                    assertThatExceptionOfType(VarlinkException.class)
                            .isThrownBy(() -> client.call("a.b.Break", Map.of()))
                            .satisfies(e -> {
                                assertThat(e.error()).isEqualTo("a.b.Broken");
                                assertThat(e.parameters()).hasToString("{\"why\":\"so\"}");
                            });
                    assertThat(client.isOpen()).isTrue();
                });
    }

    @Test
    void anUpgradedConnectionIsAnotherProtocols() throws Exception {
        run("""
                call, fds = varlink.receive()
                assert call["upgrade"] is True, call
                varlink.send({"error": "a.b.NotNow"})
                varlink.receive()
                varlink.send_bytes(b'{"parameters":{"x":1}}\\0raw\\0')       # in one piece
                assert varlink.peer.recv(4, socket.MSG_WAITALL) == b"more"
                varlink.send_bytes(b" and raw")
                """, client -> {
            assertThatExceptionOfType(VarlinkException.class)
                    .isThrownBy(() -> client.upgrade("a.b.Raw", Map.of()))
                    .matches(e -> e.is("a.b.NotNow"));
            try (Upgraded connection = client.upgrade("a.b.Raw", Map.of())) {
                assertThat(client.isOpen()).isFalse();
                assertThat(connection.reply().parameters()).hasToString("{\"x\":1}");
                connection.socket().write(ByteBuffer.wrap("more".getBytes(StandardCharsets.UTF_8)));
                ByteBuffer all = ByteBuffer.allocate(100).put(connection.unread());
                while (connection.socket().read(all) >= 0) {
                    // until its end
                }
                assertThat(new String(all.array(), 0, all.position(), StandardCharsets.UTF_8))
                        .isEqualTo("raw\0 and raw");
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "b'\\0' | no JSON object, but nothing",
                "b'{\\0' | is no JSON",
                "[] | no JSON object, but an array",
                "{\"parameters\": []} | parameters: an array",
                "{\"error\": 7} | error: a number",
                "{\"continues\": True} | none was asked for",
                "{\"continues\": True, \"error\": \"a.b.C\"} | an error is the last reply",
                "{\"result\": 1} | has a member \"result\"",
                "b'{}' | the stream ended in the middle of a frame",
                "b'x' * 2000000 | more than 1048576 bytes without a NUL",
            })
    @DisplayName("R21: a service that does not keep to the protocol is cut, and what it sent is closed")
    void fatal(String bytes, String problem) throws Exception {
        String script = bytes.contains("2000000")
                ? ONE_REPLY
                        .replace("varlink.send_bytes", "try: varlink.send_bytes")
                        .replace("varlink.peer.shutdown(socket.SHUT_WR)", "except OSError: pass")
                : ONE_REPLY;
        run(
                script,
                client -> {
                    assertThatExceptionOfType(ProtocolException.class)
                            .isThrownBy(() -> client.call("a.b.C", Map.of()))
                            .withMessageContaining(problem);
                    assertThat(client.isOpen()).isFalse();
                },
                bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"parameters\": {\"file\": 2, \"size\": 1}} | file: there is no descriptor 2; the message has 2",
                "{\"parameters\": {\"file\": -1, \"size\": 1}} | file: there is no descriptor -1",
                "{\"parameters\": {\"file\": \"0\", \"size\": 1}} | where the index of a descriptor is needed",
                "{\"parameters\": {\"file\": 0, \"size\": \"1\"}} | size: ",
                "{\"parameters\": {\"file\": 0}} | size",
                "{\"parameters\": {\"file\": None, \"size\": 1}} | file",
                "{\"parameters\": {\"size\": 1}} | file",
            })
    void aReplyThatIsNotWhatWasExpectedIsRefusedAndItsDescriptorsClosed(String bytes, String problem) throws Exception {
        run(
                ONE_REPLY,
                client -> {
                    assertThatExceptionOfType(ProtocolException.class)
                            .isThrownBy(() -> client.call("a.b.C", Map.of(), Opened.class))
                            .withMessageContaining("the reply is no " + Opened.class.getName())
                            .withMessageContaining(problem);
                    assertThat(client.isOpen())
                            .as("the next call may be another one")
                            .isTrue();
                },
                bytes);
    }

    @Test
    void aServiceThatSaysNothingIsNotWaitedForForever() throws Exception {
        run("varlink.receive()\nassert varlink.peer.recv(1) == b''", client -> {
            client.setRequestTimeout(Duration.ofMillis(100));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.call("a.b.C", Map.of()));
            assertThat(client.isOpen()).isFalse();
        });
        run(
                "varlink.receive()",
                client -> assertThatExceptionOfType(EOFException.class)
                        .isThrownBy(() -> client.call("a.b.C", Map.of()))
                        .withMessage("the service closed the connection before it replied"));
    }

    @Test
    void whatCanBeNoCallIsRefusedBeforeAnythingIsSent() throws Exception {
        run("""
                call, fds = varlink.receive()
                assert call["method"] == "a.b.Good", call
                varlink.send({})
                """, client -> {
            for (String method : List.of("", "Open", ".Open", "a.")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.call(method, Map.of()))
                        .withMessageContaining("give its name with its interface");
            }
            for (Object parameters : List.of("text", 7, List.of(1), JsonNodeFactory.instance.arrayNode())) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.call("a.b.C", parameters))
                        .withMessageContaining("is no JSON object");
            }
            try (OwnedFd fd = TestFiles.holding("")) {
                OwnedFd[] tooMany = new OwnedFd[254];
                java.util.Arrays.fill(tooMany, fd);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.call("a.b.C", Map.of(), tooMany))
                        .withMessageContaining("253");
            }
            OwnedFd closed = TestFiles.holding("");
            closed.close();
            assertThatIllegalArgumentException().isThrownBy(() -> client.call("a.b.C", Map.of("fd", closed)));
            client.call("a.b.Good", Map.of()).close();
        });
    }
}
