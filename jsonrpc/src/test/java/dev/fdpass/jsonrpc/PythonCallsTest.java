package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.TestFiles;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Python calls methods of this end, and reads what it answers. */
@ExtendWith(NothingForgotten.class)
class PythonCallsTest {
    private static final JsonRpcOptions OPTIONS =
            JsonRpcOptions.DEFAULT.frameLimits(FrameLimits.DEFAULT.maxFds(FrameLimits.MOST_FDS));

    private static final Methods METHODS = Methods.none()
            .on("texts", call -> TestFiles.takeTexts(call.takeFds()))
            .on("count", call -> call.fdCount())
            .on("echo", call -> call.params())
            .on("files", call -> {
                TestFiles.numbered(call.params().get(0).intValue()).forEach(call::giveFd);
                return "files";
            })
            .on("fail", call -> {
                JsonNode params = call.params();
                throw new JsonRpcException(
                        params.get(0).intValue(), params.get(1).textValue(), params.get(2));
            });

    @Test
    void requestsAndTheirDescriptorsAreMatchedHoweverTheyArrive() throws Exception {
        serve("""
                # In one piece each.
                request(1, "texts", fds=(a := files(3)))
                assert receive() == ({"jsonrpc": "2.0", "result": ["0", "1", "2"], "id": 1}, [])
                # A byte at a time, the descriptors with one in the middle.
                data = json.dumps({"jsonrpc": "2.0", "method": "texts", "id": 2, "fds": 2}).encode()
                for i in range(len(data)):
                    socket.send_fds(peer, [data[i:i + 1]], a[:2] if i == 20 else [])
                assert receive()[0] == {"jsonrpc": "2.0", "result": ["0", "1"], "id": 2}
                # All descriptors before the first byte of what they belong to, with white space.
                peer.sendall(b" \\t\\r\\n")
                socket.send_fds(peer, [b"\\n"], a[:1])
                socket.send_fds(peer, [b" "], a[1:])
                request(3, "echo", [])
                assert receive()[0] == {"jsonrpc": "2.0", "result": [], "id": 3}
                data = b'{"fds": 3, "id": 4, "jsonrpc": "2.0", "method": "texts"}'
                peer.sendall(data)
                assert receive()[0] == {"jsonrpc": "2.0", "result": ["0", "1", "2"], "id": 4}
                # One descriptor behind the object, with a space.
                peer.sendall(b'{"fds": 1, "id": 5, "jsonrpc": "2.0", "method": "texts"}')
                time.sleep(0.05)
                socket.send_fds(peer, [b" "], a[2:])
                assert receive()[0] == {"jsonrpc": "2.0", "result": ["2"], "id": 5}
                # Two objects in one piece; the descriptors are the second one's.
                both = b"".join(b'{"jsonrpc":"2.0","method":"texts","id":%d,"fds":%d}' % (i, i - 6) for i in (6, 7))
                socket.send_fds(peer, [both], a[:1])
                answers = [receive()[0] for i in range(2)]
                assert {"jsonrpc": "2.0", "result": [], "id": 6} in answers, answers
                assert {"jsonrpc": "2.0", "result": ["0"], "id": 7} in answers, answers
                close(a)
                """);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 252, 253, 254, 506, 507, 1000, 2024})
    void anyNumberOfDescriptorsGoesBothWays(int count) throws Exception {
        serve("""
                import resource
                resource.setrlimit(resource.RLIMIT_NOFILE, (8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
                count = int(sys.argv[2])
                a = files(count)
                request(1, "texts", fds=a)
                answer, fds = receive()
                assert answer["result"] == [str(i) for i in range(count)], answer
                request(2, "files", [count])
                answer, fds = receive()
                assert answer.get("fds", 0) == count and ("fds" in answer) == (count > 0), answer
                assert [text(fd) for fd in fds] == [str(i) for i in range(count)]
                request(3, "count")
                assert receive()[0]["result"] == 0
                close(a)
                """, Integer.toString(count));
    }

    @Test
    void everyIdComesBackAsItWas() throws Exception {
        serve("""
                ids = ['1', '"a"', '"\\\\u00e4 \\\\ud83d\\\\ude00"', '""', 'null', '-7', '12345678901234567890123', '1.10', '1e400',
                       '0.1e-5']
                for id in ids:
                    peer.sendall(b'{"jsonrpc": "2.0", "method": "count", "id": %s}' % id.encode())
                    answer, fds = receive()
                    assert answer["id"] == json.loads(id) and answer["result"] == 0, (id, answer)
                peer.sendall(b'{"jsonrpc": "2.0", "method": "count", "id": "\\\\ud800"}')
                answer, fds = receive()
                assert answer["id"] == "\\ud800", answer
                """);
    }

    @Test
    void notificationsAreNeverAnswered() throws Exception {
        serve("""
                f = file("x")
                send({"jsonrpc": "2.0", "method": "count"}, [f])
                send({"jsonrpc": "2.0", "method": "unknown"}, [f])
                send({"jsonrpc": "2.0", "method": "fail", "params": [1, "x"]})
                request(1, "count")
                assert receive()[0] == {"jsonrpc": "2.0", "result": 0, "id": 1}
                os.close(f)
                """);
    }

    @Test
    void errorsAreThoseOfTheSpecification() throws Exception {
        serve("""
                f = file("x")
                def check(message, code, id, fds=()):
                    send(message, fds)
                    answer, none = receive()
                    assert (answer["error"]["code"], answer["id"]) == (code, id), answer
                    assert "result" not in answer and not none and "fds" not in answer

                V = {"jsonrpc": "2.0"}
                check({**V, "method": "unknown", "id": 1}, -32601, 1, [f])
                check({**V, "method": "", "id": 1}, -32601, 1)
                check({**V, "method": "fail", "params": [7, "seven", {"a": 1}], "id": "x"}, 7, "x", [f])
                check({**V, "method": "fail", "params": [-32602, "", None], "id": 2}, -32602, 2)
                check({**V, "method": "fail", "params": ["no number"], "id": 2}, -32603, 2)
                # No requests
                check({"method": "count", "id": 3}, -32600, 3, [f])
                check({"jsonrpc": "1.0", "method": "count", "id": 3}, -32600, 3)
                check({"jsonrpc": 2.0, "method": "count", "id": 3}, -32600, 3)
                check({**V, "method": 7, "id": 3}, -32600, 3)
                check({**V, "method": None}, -32600, None)
                check({**V, "method": "count", "params": 7, "id": 3}, -32600, 3)
                check({**V, "method": "count", "params": "x", "id": 3}, -32600, 3)
                check({**V, "method": "count", "id": []}, -32600, None)
                check({**V, "method": "count", "id": True}, -32600, None)
                check({**V, "method": "count", "id": 3, "result": 1}, -32600, 3)
                check({**V, "id": 3}, -32600, 3)
                check({}, -32600, None, [f])
                check(b'{"jsonrpc": "2.0", "method": "count", "method": "echo", "id": 3}', -32600, 3)
                check(b'{"jsonrpc": "2.0", "id": 3, "method": "count", "id": 4}', -32600, None)
                # JSON, but not to be read
                check(b'{"jsonrpc": "2.0", "method": "echo", "params": [%s], "id": 3}' % (b"1" * 2000), -32700, 3)
                check(b'{"jsonrpc": "2.0", "method": "echo", "params": [1e%s], "id": 3}' % (b"1" * 20), -32700, 3)
                check(b'{"jsonrpc": "2.0", "method": "echo", "id": %s}' % (b"1" * 2000), -32700, None)
                check(b'{"jsonrpc": "2.0", "%s": 1, "method": "echo", "id": "x"}' % (b"1" * 60000), -32700, "x")
                # Nothing of that did any harm
                send({**V, "method": "count", "params": None, "id": 9}, [f])
                assert receive()[0] == {**V, "result": 1, "id": 9}
                os.close(f)
                """);
    }

    @Test
    void whatAnswersNothingIsDropped() throws Exception {
        serve("""
                f = file("x")
                for id in (1, "x", None, 1.5, 99999999999999999999, []):
                    send({"jsonrpc": "2.0", "result": 1, "id": id}, [f])
                    send({"jsonrpc": "2.0", "error": {"code": 1, "message": "x"}, "id": id}, [f])
                    send({"jsonrpc": "2.0", "error": 1, "id": id}, [f])
                send({"result": 1}, [f])
                request(1, "count")
                assert receive()[0] == {"jsonrpc": "2.0", "result": 0, "id": 1}
                os.close(f)
                """);
    }

    @Test
    void answersStillComeAfterTheEndOfTheStream() throws Exception {
        serve("""
                f = file("x")
                for i in range(5):
                    request(i, "texts", fds=[f])
                peer.shutdown(socket.SHUT_WR)
                answers = [receive()[0] for i in range(5)]
                assert sorted(answer["id"] for answer in answers) == [0, 1, 2, 3, 4]
                assert receive() == (None, [])
                os.close(f)
                """);
    }

    private static void serve(String script, String... arguments) throws Exception {
        try (PythonPeer python = PythonJsonRpc.start(script, arguments);
                JsonRpcConnection connection = JsonRpcConnection.over(python.socket(), METHODS, OPTIONS)) {
            python.awaitSuccess();
            Pair.awaitEnd(connection);
            assertThat(connection.failure()).isEmpty();
            TestFiles.awaitOpen(0);
        }
    }

    /** So that it is clear what {@code numbers} in Python are. */
    @Test
    void filesAreNumbered() throws Exception {
        assertThat(TestFiles.takeTexts(TestFiles.numbered(3)))
                .isEqualTo(TestFiles.numbers(3))
                .isEqualTo(List.of("0", "1", "2"));
    }
}
