package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This end calls methods of a peer in Python, and reads what that answers. */
@ExtendWith(NothingForgotten.class)
class PythonAnswersTest {
    private static final JsonRpcOptions OPTIONS =
            JsonRpcOptions.DEFAULT.frameLimits(FrameLimits.DEFAULT.maxFds(FrameLimits.MOST_FDS));

    private static JsonRpcConnection over(UnixStream socket, Methods methods) throws IOException {
        JsonRpcConnection connection = JsonRpcConnection.over(socket, methods, OPTIONS);
        connection.setRequestTimeout(Duration.ofSeconds(60));
        return connection;
    }

    @Test
    @SuppressWarnings("try")
    void whatIsSentIsTheProtocol() throws Exception {
        String script = """
                message, fds = receive()
                assert message == {"jsonrpc": "2.0", "method": "a", "params": {"x": [1, None]}, "id": 1, "fds": 2}, message
                assert [text(fd) for fd in fds] == ["0", "1"]
                send({"jsonrpc": "2.0", "result": {"y": "z"}, "id": 1}, [file("answer")])
                message, fds = receive()
                assert message == {"jsonrpc": "2.0", "method": "b", "id": 2} and not fds, message
                send({"jsonrpc": "2.0", "result": None, "id": 2})
                message, fds = receive()
                assert message == {"jsonrpc": "2.0", "method": "c", "params": ["x"], "fds": 1}, message
                assert text(fds[0]) == "0"
                assert receive() == (None, [])
                """;
        List<OwnedFd> files = TestFiles.numbered(2);
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = over(python.socket(), Methods.none())) {
            List<Object> x = new ArrayList<>(List.of(1));
            x.add(null);
            try (Reply reply = connection.request("a", Map.of("x", x), files.toArray(OwnedFd[]::new))) {
                assertThat(reply.result().path("y").textValue()).isEqualTo("z");
                assertThat(TestFiles.takeText(reply.takeFd(0))).isEqualTo("answer");
            }
            try (Reply reply = connection.request("b", null)) {
                assertThat(reply.result().isNull()).isTrue();
            }
            connection.notify("c", List.of("x"), files.get(0));
            connection.close();
            python.awaitSuccess();
        } finally {
            TestFiles.close(files);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {253, 254, 1000, 2024})
    void anyNumberOfDescriptorsGoesBothWays(int count) throws Exception {
        String script = """
                import resource
                resource.setrlimit(resource.RLIMIT_NOFILE, (8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
                message, fds = receive()
                send({"jsonrpc": "2.0", "result": [os.pread(fd, 100, 0).decode() for fd in fds], "id": 1}, fds)
                """;
        List<OwnedFd> files = TestFiles.numbered(count);
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = over(python.socket(), Methods.none());
                Reply reply = connection.request("all", null, files.toArray(OwnedFd[]::new))) {
            assertThat(List.of(reply.resultAs(String[].class))).isEqualTo(TestFiles.numbers(count));
            assertThat(TestFiles.takeTexts(reply.takeFds())).isEqualTo(TestFiles.numbers(count));
            python.awaitSuccess();
        } finally {
            TestFiles.close(files);
        }
        TestFiles.awaitOpen(0);
    }

    @Test
    void answersComeInAnyOrderAndInAnyPieces() throws Exception {
        String script = """
                asked = [receive()[0] for i in range(10)]
                for message in reversed(asked):
                    data = json.dumps({"fds": 1, "id": message["id"], "jsonrpc": "2.0", "result": message["params"]}).encode()
                    f = file(str(message["params"][0]))
                    socket.send_fds(peer, [b" \\n" + data[:7]], [f])
                    os.close(f)
                    time.sleep(0.002)
                    peer.sendall(data[7:])
                """;
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = over(python.socket(), Methods.none())) {
            Workers workers = new Workers();
            for (int i = 0; i < 10; i++) {
                int number = i;
                workers.start(() -> {
                    try (Reply reply = connection.request("number", List.of(number))) {
                        assertThat(reply.result().get(0).intValue()).isEqualTo(number);
                        assertThat(TestFiles.takeText(reply.takeFd(0))).isEqualTo(Integer.toString(number));
                    }
                });
            }
            workers.join();
            python.awaitSuccess();
        }
    }

    @Test
    void errorsArriveAsTheyAre() throws Exception {
        String script = """
                f = file("x")
                message, fds = receive()
                send({"jsonrpc": "2.0", "error": {"code": -32601, "message": "no", "data": [1]}, "id": message["id"]}, [f])
                message, fds = receive()
                send({"jsonrpc": "2.0", "result": None, "error": {"code": 5, "message": ""}, "id": message["id"]})
                os.close(f)
                """;
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = over(python.socket(), Methods.none())) {
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> connection.request("x", null))
                    .withMessage("no")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(-32601))
                    .satisfies(
                            e -> assertThat(e.data().orElseThrow().toString()).isEqualTo("[1]"));
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> connection.request("x", null))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(5))
                    .satisfies(e -> assertThat(e.data()).isEmpty());
            python.awaitSuccess();
            TestFiles.awaitOpen(0);
        }
    }

    @Test
    void anIdIsTheSameNumberHoweverItIsWritten() throws Exception {
        String script = """
                for id in (b"1", b"2.0", b"30e-1"):
                    receive()
                    send(b'{"jsonrpc": "2.0", "id": %s, "result": 1}' % id)
                receive()
                send(b'{"jsonrpc": "2.0", "id": 4.5, "result": 1}')
                send(b'{"jsonrpc": "2.0", "id": 4e2147483647, "result": 1}')
                send(b'{"jsonrpc": "2.0", "id": 4e-2147483647, "result": 1}')
                send(b'{"jsonrpc": "2.0", "id": "4", "result": 1}')
                send(b'{"jsonrpc": "2.0", "id": 4, "result": 2}')
                """;
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = over(python.socket(), Methods.none())) {
            for (int expected : List.of(1, 1, 1, 2)) {
                try (Reply reply = connection.request("x", null)) {
                    assertThat(reply.result().intValue()).isEqualTo(expected);
                }
            }
            python.awaitSuccess();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc': '2.0', 'id': 1, 'result': 1, 'error': {'code': 1, 'message': 'x'}}",
                "{'jsonrpc': '1.0', 'id': 1, 'result': 1}",
                "{'id': 1, 'result': 1}",
                "{'jsonrpc': '2.0', 'id': 1, 'error': None}",
                "{'jsonrpc': '2.0', 'id': 1, 'error': 'x'}",
                "{'jsonrpc': '2.0', 'id': 1, 'error': {'code': 1}}",
                "{'jsonrpc': '2.0', 'id': 1, 'error': {'code': '1', 'message': 'x'}}",
                "{'jsonrpc': '2.0', 'id': 1, 'error': {'code': 99999999999, 'message': 'x'}}",
                "b'{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"a\": 1, \"a\": 2}, \"fds\": 1}'",
                "b'{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": %s, \"fds\": 1}' % (b'1' * 2000)",
                "b'{\"jsonrpc\": \"2.0\", \"id\": 1, \"error\": 1e%s, \"fds\": 1}' % (b'1' * 20)"
            })
    void aBadAnswerFailsItsRequestAlone(String answer) throws Exception {
        String script = """
                receive()
                f = file("x")
                send(eval(sys.argv[2]), [f])
                os.close(f)
                receive()
                send({"jsonrpc": "2.0", "result": 1, "id": 2})
                """;
        try (PythonPeer python = PythonJsonRpc.start(script, answer);
                JsonRpcConnection connection = over(python.socket(), Methods.none())) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> connection.request("x", null))
                    .withMessageContaining("is no answer");
            try (Reply reply = connection.request("x", null)) {
                assertThat(reply.result().intValue()).isEqualTo(1);
            }
            python.awaitSuccess();
            TestFiles.awaitOpen(0);
        }
    }

    @Test
    void aPeerInPythonCallsBackBeforeItAnswers() throws Exception {
        Methods methods = Methods.none()
                .on("name", call -> Map.of("name", TestFiles.takeText(call.takeFd(0)), "fds", call.fdCount()));
        String script = """
                message, fds = receive()
                request("mine", "name", fds=fds)
                answer, none = receive()
                send({"jsonrpc": "2.0", "result": answer["result"], "id": message["id"]}, fds)
                assert answer["id"] == "mine"
                """;
        try (OwnedFd file = TestFiles.holding("x");
                PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = over(python.socket(), methods);
                Reply reply = connection.request("start", null, file)) {
            assertThat(reply.result().toString()).contains("\"name\":\"x\"", "\"fds\":1");
            assertThat(TestFiles.takeText(reply.takeFd(0))).isEqualTo("x");
            python.awaitSuccess();
        }
    }
}
