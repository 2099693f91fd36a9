package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.fdpass.frame.FrameLimits;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that nobody here wrote, in a process of its own, calls a service of ours. */
class PythonCallsTest {
    private static void run(Served served, String script, String... arguments) throws IOException {
        try {
            PythonVarlink.run(script, served.server.localAddress().toString(), arguments);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(String script) throws IOException {
        try (Served served = Served.start()) {
            run(served, script);
        }
    }

    @Test
    void descriptorsGoBothWays() throws IOException {
        run("""
                varlink = connect()
                reply, fds = varlink.call("org.example.files.Open", {"path": "/etc/hosts"})
                assert list(reply) == ["parameters"], reply
                assert reply["parameters"] == {"file": 0, "size": os.path.getsize("/etc/hosts")}, reply
                assert len(fds) == 1 and os.path.samestat(os.fstat(fds[0]), os.stat("/etc/hosts"))

                for i in range(3):
                    mine = memory(b"one")
                    reply, fds = varlink.call("org.example.files.Append", {"text_file": 0, "text": ", two"}, mine)
                    assert reply == {"parameters": {}} and fds == [], reply
                    assert os.pread(mine, 100, 0) == b"one, two"

                a, b = memory(b"a"), memory(b"b")
                value = {"bool": False, "number": 1, "real": 2, "text": "t", "colour": "RED", "list": [], "named": {"x": 1, "y": 0},
                         "some": [2], "the_rest": "r"}
                reply, fds = varlink.call("org.example.files.Echo", {"value": {"value": value}}, a, b, a)
                back = reply["parameters"]["value"]
                texts = {name: os.pread(fds[i], 1, 0) for name, i in back["named"].items()}
                assert texts == {"x": b"b", "y": b"a"}, texts
                assert os.pread(fds[back["some"][0]], 1, 0) == b"a"
                assert back["colour"] == "RED" and back["the_rest"] == "r" and "maybe" not in back, back
                """);
    }

    @Test
    void moreIsAnsweredUntilItDoesNotContinue() throws IOException {
        run("""
                varlink = connect()
                varlink.send({"method": "org.example.files.Make", "parameters": {"count": 300, "failAtTheEnd": False}, "more": True})
                for i in range(300):
                    reply, fds = varlink.receive()
                    assert reply.get("continues", False) == (i < 299), reply
                    assert os.pread(fds[reply["parameters"]["file"]], 100, 0) == b"file %d" % i
                    os.close(fds[0])
                reply, fds = varlink.call("org.example.files.Make", {"count": 0, "failAtTheEnd": False}, more=True)
                assert reply == {"parameters": {}}, reply
                varlink.send({"method": "org.example.files.Make", "parameters": {"count": 1, "failAtTheEnd": True}, "more": True})
                reply, fds = varlink.receive()
                assert reply["continues"] and len(fds) == 1, reply
                reply, fds = varlink.receive()
                assert reply == {"error": "org.example.files.NotFound", "parameters": {}}, reply
                """);
    }

    @Test
    void whoShutsDownItsOutputStillGetsAllReplies() throws IOException {
        run("""
                import time
                varlink = connect()
                varlink.send({"method": "org.example.files.Make", "parameters": {"count": 2000, "failAtTheEnd": False}, "more": True})
                varlink.send({"method": "org.example.files.Open", "parameters": {"path": "/etc/hosts"}})
                varlink.peer.shutdown(socket.SHUT_WR)
                time.sleep(0.5)
                for i in range(2001):
                    reply, fds = varlink.receive()
                    assert reply["parameters"]["file"] == 0, reply
                    os.close(fds[0])
                assert varlink.peer.recv(1) == b""
                """);
    }

    @Test
    @DisplayName("R21: whoever sends any number of calls behind one with many replies is cut")
    void tooManyCallsWait() throws IOException {
        run("""
                varlink = connect()
                r, w = os.pipe()
                varlink.send({"method": "org.example.files.Watch", "more": True})
                for i in range(64):
                    varlink.send({"method": "org.example.files.Open", "parameters": {"path": "/etc/hosts"}}, w)
                assert varlink.receive()[0]["continues"]
                varlink.send({"method": "org.example.files.Open", "parameters": {"path": "/etc/hosts"}}, w)
                os.close(w)
                ended(varlink)
                assert os.read(r, 1) == b""
                """);
    }

    @Test
    void onewayIsNotAnsweredAndCallsMayBePipelined() throws IOException {
        run("""
                varlink = connect()
                mine = memory(b"")
                for i in range(50):
                    varlink.send({"method": "org.example.files.Append", "parameters": {"text_file": 0, "text": "x"},
                                  "oneway": True}, mine)
                varlink.send({"method": "org.example.files.Open", "parameters": {"path": "/dev/null"}, "oneway": True})
                varlink.send({"method": "org.example.files.Fail", "parameters": {"how": "error"}, "oneway": True})
                varlink.send({"method": "org.example.files.Make", "parameters": {"count": 3, "failAtTheEnd": False}, "oneway": True})
                for i in range(50):
                    varlink.send({"method": "org.example.files.Open", "parameters": {"path": "/etc/hosts"}})
                    varlink.send({"method": "org.example.files.Append", "parameters": {"text_file": 0, "text": "y"}}, mine)
                for i in range(50):
                    reply, fds = varlink.receive()
                    assert reply["parameters"]["file"] == 0 and len(fds) == 1, reply
                    os.close(fds[0])
                    reply, fds = varlink.receive()
                    assert reply == {"parameters": {}} and fds == [], reply
                assert os.pread(mine, 1000, 0) == b"x" * 50 + b"y" * 50
                """);
    }

    @Test
    void anUpgradedConnectionIsAnotherProtocols() throws IOException {
        run("""
                varlink = connect()
                reply, fds = varlink.call("org.example.files.Talk", {"greeting": "hello"}, upgrade=True)
                assert reply["parameters"]["user"] == os.getuid(), reply
                assert varlink.peer.recv(5, socket.MSG_WAITALL) == b"hello"
                varlink.peer.sendall(b"no\\0json")
                varlink.peer.shutdown(socket.SHUT_WR)
                assert varlink.peer.recv(100, socket.MSG_WAITALL) == b"no\\0json"

                varlink = connect()   # in one piece with the call
                call = {"method": "org.example.files.Talk", "parameters": {"greeting": "hi"}, "upgrade": True}
                varlink.send_bytes(json.dumps(call).encode() + b"\\0" + b"early")
                varlink.peer.shutdown(socket.SHUT_WR)
                varlink.receive()
                assert varlink.peer.recv(7, socket.MSG_WAITALL) == b"hiearly"
                """);
    }

    @Test
    void whereNoOtherProtocolBeginsTheConnectionEndsBehindTheReply() throws IOException {
        run("""
                varlink = connect()
                reply, fds = varlink.call("org.example.files.Open", {"path": "/nothing"}, upgrade=True)
                assert reply["error"] == "org.example.files.NotFound", reply
                reply, fds = varlink.call("org.example.files.Open", {"path": "/etc/hosts"}, upgrade=True)
                assert reply["parameters"]["file"] == 0 and len(fds) == 1, reply
                assert varlink.peer.recv(1) == b""
                """);
    }

    @Test
    void everyServiceSaysWhatItIs() throws IOException {
        run("""
                varlink = connect()
                reply, fds = varlink.call("org.varlink.service.GetInfo")
                assert reply["parameters"] == {"vendor": "Example", "product": "Tests", "version": "1",
                    "url": "https://example.org", "interfaces": ["org.varlink.service", "org.example.files"]}, reply
                for name in reply["parameters"]["interfaces"]:
                    text = varlink.call("org.varlink.service.GetInterfaceDescription", {"interface": name})[0]
                    assert "\\ninterface %s\\n" % name in text["parameters"]["description"], text
                """);
    }

    @Test
    void whatIsNotThereOrNotAllowedIsAnErrorAndTheConnectionStaysUsable() throws IOException {
        run("""
                varlink = connect()
                def fails(error, key, value, method, parameters={}, *fds, **more):
                    reply, came = varlink.call(method, parameters, *fds, **more)
                    expected = {} if key is None else {key: value}
                    assert reply == {"error": error, "parameters": expected} and came == [], reply
                S, F = "org.varlink.service.", "org.example.files."
                one = memory(b"one")
                fails(S + "InterfaceNotFound", "interface", "org.example.nothing", "org.example.nothing.Open")
                fails(S + "MethodNotFound", "method", F + "Nothing", F + "Nothing")
                fails(S + "MethodNotFound", "method", S + "Nothing", S + "Nothing")
                fails(S + "MethodNotFound", "method", "nothing", "nothing")
                fails(S + "InterfaceNotFound", "interface", "org.nothing", S + "GetInterfaceDescription", {"interface": "org.nothing"})
                fails(S + "InvalidParameter", "parameter", "interface", S + "GetInterfaceDescription")
                fails(S + "InvalidParameter", "parameter", "x", S + "GetInfo", {"x": 1})
                fails(S + "InvalidParameter", "parameter", "x", S + "GetInterfaceDescription", {"interface": F[:-1], "x": 1})
                fails(S + "InvalidParameter", "parameter", "a descriptor that no parameter names", S + "GetInfo", {}, one)
                fails(S + "InvalidParameter", "parameter", "path", F + "Open")
                fails(S + "InvalidParameter", "parameter", "path", F + "Open", {"path": None})
                fails(S + "InvalidParameter", "parameter", "path", F + "Open", {"path": 7})
                fails(S + "InvalidParameter", "parameter", "paht", F + "Open", {"paht": "x"})
                fails(S + "InvalidParameter", "parameter", "offset", F + "Open", {"path": "/etc/hosts", "offset": "1"})
                fails(S + "InvalidParameter", "parameter", "offset", F + "Open", {"path": "/etc/hosts", "offset": 1.5})
                fails(S + "InvalidParameter", "parameter", "offset", F + "Open", {"path": "/etc/hosts", "offset": 2**64})
                fails(S + "ExpectedMore", None, None, F + "Watch")
                fails(S + "PermissionDenied", None, None, F + "Fail", {"how": "denied"})
                fails("dev.fdpass.varlink.InternalError", None, None, F + "Fail", {"how": "bug"})
                fails(F + "NotFound", "path", "/nothing", F + "Open", {"path": "/nothing"})

                # Descriptors: the wrong index, none, twice the same, more than are named, none named.
                value = {"bool": False, "number": 1, "real": 2, "text": "t", "colour": "RED", "list": [1], "named": {}, "some": [0]}
                for name, bad, where in [("some", [0, None], "some[1]"), ("named", {"x": None}, "named.x"), ("list", [None], "list[0]"),
                                         ("list", [1.0], "list[0]"), ("real", "NaN", "real"), ("real", "1", "real"),
                                         ("real", 10**400, "real"), ("bool", 1, "bool"), ("bool", "true", "bool"),
                                         ("number", 2**31, "number"), ("text", 1, "text"), ("text", [], "text"),
                                         ("colour", "", "colour"), ("colour", 0, "colour"), ("colour", "red", "colour")]:
                    fails(S + "InvalidParameter", "parameter", "value.value." + where, F + "Echo", {"value": {"value": {**value, name: bad}}}, one)
                for index in [1, -1, 253, 2**40, 0.0, "0", None, [0], True]:
                    fails(S + "InvalidParameter", "parameter", "text_file", F + "Append", {"text_file": index, "text": "x"}, one)
                fails(S + "InvalidParameter", "parameter", "text_file", F + "Append", {"text_file": 0, "text": "x"})
                value = {"bool": False, "number": 1, "real": 2, "text": "t", "colour": "RED", "list": [], "named": {}, "some": [0, 0]}
                fails(S + "InvalidParameter", "parameter", "value.value.some[1]", F + "Echo", {"value": {"value": value}}, one)
                value["some"] = [0, 1, 2]
                fails(S + "InvalidParameter", "parameter", "value.value.some[2]", F + "Echo", {"value": {"value": value}}, one, one)
                value["some"] = [0]
                value["colour"] = "BLUE"
                fails(S + "InvalidParameter", "parameter", "value.value.colour", F + "Echo", {"value": {"value": value}}, one)
                value["colour"], value["more"] = "RED", 1
                fails(S + "InvalidParameter", "parameter", "value.value.more", F + "Echo", {"value": {"value": value}}, one)
                del value["more"], value["text"]
                fails(S + "InvalidParameter", "parameter", "value.value.text", F + "Echo", {"value": {"value": value}}, one)
                more = "a descriptor that no parameter names"
                fails(S + "InvalidParameter", "parameter", more, F + "Append", {"text_file": 0, "text": "x"}, one, one)
                fails(S + "InvalidParameter", "parameter", more, F + "Open", {"path": "/etc/hosts"}, *[one] * 253)
                assert os.pread(one, 10, 0) == b"one"
                assert varlink.call(F + "Append", {"text_file": 0, "text": "!"}, one)[0] == {"parameters": {}}
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b'\\0'",
                "b'{\\0'",
                "b'{}\\0'",
                "b'[]\\0'",
                "b'null\\0'",
                "b'{\"method\":\"a.b.C\"} {}\\0'",
                "b'{\"method\":\"a.b.C\",\"method\":\"a.b.C\"}\\0'",
                "b'{\"method\":7}\\0'",
                "b'{\"method\":\"a.b.C\",\"parameters\":[]}\\0'",
                "b'{\"method\":\"a.b.C\",\"more\":1}\\0'",
                "b'{\"method\":\"a.b.C\",\"more\":true,\"oneway\":true}\\0'",
                "b'{\"method\":\"a.b.C\",\"fds\":1}\\0'",
                "b'{\"method\":\"a.b.\\xff\"}\\0'",
                "b'{\"method\":\"a.b.\\xc1\\x81\"}\\0'",
                "b'{\"method\":\"a.b.\\xed\\xa0\\x80\"}\\0'",
                "b'{\"method\":\"a.b.C\\\\ud800\"}\\0'",
                "b'{\"method\":\"a.b.C\",\"parameters\":{\"\\\\udc00\":1}}\\0'",
                "b'\\xef\\xbb\\xbf{\"method\":\"a.b.C\"}\\0'",
                "b'{\"method\":\"a.b.C\",\"parameters\":' + b'{\"a\":' * 1000 + b'1' + b'}' * 1001 + b'\\0'",
                "b'x' * 5000",
                "b'{\"method\":\"a.b.C\"}'",
            })
    @DisplayName(
            "R21: whoever does not keep to the protocol is cut, what it sent is closed, and its neighbour is served")
    void fatal(String bytes) throws IOException {
        try (Served served = Served.start(FrameLimits.DEFAULT.maxBytes(4096).maxFds(4), Duration.ofSeconds(30), 10)) {
            run(served, """
                    neighbour, varlink = connect(), connect()
                    assert varlink.call("org.varlink.service.GetInfo")[0]["parameters"]["product"] == "Tests"
                    # The descriptors' end is seen when the last copy is closed.
                    r, w = os.pipe()
                    varlink.send_bytes(eval(sys.argv[2]), w, w)
                    os.close(w)
                    ended(varlink)
                    assert os.read(r, 1) == b""
                    assert neighbour.call("org.varlink.service.GetInfo")[0]["parameters"]["product"] == "Tests"
                    """, bytes);
        }
    }

    @Test
    @DisplayName("R21: whoever sends more descriptors than the limit is cut")
    void tooManyDescriptors() throws IOException {
        try (Served served = Served.start(FrameLimits.DEFAULT.maxFds(2), Duration.ofSeconds(30), 10)) {
            run(served, """
                    varlink = connect()
                    r, w = os.pipe()
                    varlink.send({"method": "org.example.files.Append", "parameters": {"text_file": 0, "text": "x"}}, w, w, w)
                    os.close(w)
                    ended(varlink)
                    assert os.read(r, 1) == b""
                    """);
        }
    }

    @Test
    @DisplayName("R21: whoever does not read is cut, and delays nobody")
    void whoDoesNotRead() throws IOException {
        String slow = """
                import select
                slow = connect()
                slow.send({"method": "org.example.files.Make", "parameters": {"count": 1000000, "failAtTheEnd": False}, "more": True})
                slow.receive()
                hangup = select.poll()
                hangup.register(slow.peer, 0)
                """;
        try (Served served = Served.start(FrameLimits.DEFAULT, Duration.ZERO, 100)) {
            run(served, slow + """
                    for i in range(20):
                        other = connect()
                        assert other.call("org.example.files.Open", {"path": "/etc/hosts"})[0]["parameters"]["file"] == 0
                    assert hangup.poll(0) == [], "it is still waited for"
                    """);
        }
        try (Served served = Served.start(FrameLimits.DEFAULT, Duration.ofSeconds(1), 100)) {
            run(served, slow + """
                    hangup.poll()
                    count = 0
                    try:
                        while True:
                            for fd in slow.receive()[1]:
                                os.close(fd)
                            count += 1
                    except (EOFError, ConnectionResetError):
                        pass
                    assert 0 < count < 100000, count
                    """);
        }
    }

    @Test
    void aConnectionTooManyWaits() throws IOException {
        try (Served served = Served.start(FrameLimits.DEFAULT, Duration.ofSeconds(1), 2)) {
            run(served, """
                    import select
                    a, b = connect(), connect()
                    for each in a, b:
                        each.call("org.varlink.service.GetInfo")
                    third = connect()
                    third.send({"method": "org.varlink.service.GetInfo"})
                    assert select.select([third.peer], [], [], 0.2) == ([], [], [])
                    b.call("org.varlink.service.GetInfo")
                    a.peer.close()
                    assert third.receive()[0]["parameters"]["product"] == "Tests"
                    """);
            assertThat(served.server.isOpen()).isTrue();
        }
    }

    @Test
    void aServerThatIsFullCanBeClosed() throws Exception {
        try (Served served = Served.start(FrameLimits.DEFAULT, Duration.ofSeconds(1), 1);
                VarlinkClient only = served.connect();
                VarlinkClient waits = served.connect()) {
            only.info();
            served.server.close();
            assertTimeoutPreemptively(Duration.ofSeconds(60), served.server::awaitEnd);
            assertThat(served.server.isOpen()).isFalse();
            assertThatExceptionOfType(IOException.class).isThrownBy(waits::info);
        }
    }
}
