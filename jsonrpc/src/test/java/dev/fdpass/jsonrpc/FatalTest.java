package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.TestFiles;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What cannot be matched ends the connection, in both directions: a peer in Python breaks the protocol in every way there is,
 * is told -32050, and finds the connection closed; what waits here fails; no descriptor is left.
 */
@ExtendWith(NothingForgotten.class)
class FatalTest {
    private static final String UNFINISHED = "unfinished";
    private static final FrameLimits LIMITS =
            FrameLimits.DEFAULT.maxBytes(10_000).maxFds(300).maxPendingFds(600).maxUnfinished(Duration.ofSeconds(60));

    /** What is wrong, how Python does it, and a part of what it is told; it has two files {@code a}. */
    record Offence(String name, String script, String told) {
        /** A short time only for who is to be too slow: on a busy machine the others might be that as well. */
        JsonRpcOptions options() {
            return JsonRpcOptions.DEFAULT.frameLimits(
                    told.equals(UNFINISHED) ? LIMITS.maxUnfinished(Duration.ofMillis(300)) : LIMITS);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Offence> OFFENCES = List.of(
            new Offence("no JSON", "send(b'{no}')", "name of a member"),
            new Offence("no object: a batch", "send(b'[{}]')", "an object"),
            new Offence("no object: a number", "send(b'7 ')", "an object"),
            new Offence("no object: a string", "send(b'\"x\"')", "an object"),
            new Offence("a NUL between", "send(b'\\0{}')", "an object"),
            new Offence("a byte order mark", "send(b'\\xef\\xbb\\xbf{}')", "an object"),
            new Offence("white space that is none in JSON", "send(b'\\x0b{}')", "an object"),
            new Offence("a comma too many", "send(b'{\"a\": 1,}')", "name of a member"),
            new Offence("a number that is none", "send(b'{\"a\": 01}')", "no JSON"),
            new Offence("another number that is none", "send(b'{\"a\": 1.}')", "no JSON"),
            new Offence(
                    "a number that is none behind what cannot be read",
                    "send(b'{\"a\": 1, \"a\": 2, \"b\": 01}')",
                    "no JSON"),
            new Offence("an infinite number", "send(b'{\"a\": Infinity}')", "a value"),
            new Offence("bytes that are not UTF-8", "send(b'{\"a\": \"\\xff\"}')", "not UTF-8"),
            new Offence("more bytes than needed in UTF-8", "send(b'{\"a\": \"\\xc0\\x80\"}')", "not UTF-8"),
            new Offence("half a pair in UTF-8", "send(b'{\"a\": \"\\xed\\xa0\\x80\"}')", "not UTF-8"),
            new Offence("a control character in a string", "send(b'{\"a\": \"\\n\"}')", "control character"),
            new Offence("too deep", "send(b'{\"a\":' + b'[' * 600)", "deep"),
            new Offence("too long", "send(b'{\"a\":\"' + b'x' * 11000)", "10000"),
            new Offence("a negative number of descriptors", "send(b'{\"fds\": -1}')", "number of descriptors"),
            new Offence("half a descriptor", "send(b'{\"fds\": 1.5}', a)", "number of descriptors"),
            new Offence("descriptors as a string", "send(b'{\"fds\": \"1\"}', a)", "number of descriptors"),
            new Offence("no number of descriptors", "send(b'{\"fds\": null}', a)", "number of descriptors"),
            new Offence("two numbers of descriptors", "send(b'{\"fds\": 1, \"fds\": 2}', a)", "two members"),
            new Offence("more descriptors than allowed", "send(b'{\"fds\": 301}', a * 150)", "limit is 300"),
            new Offence("far more than there can be", "send(b'{\"fds\": 99999999999999999999}', a)", "limit is 300"),
            new Offence("the next message too early", "send(b'{\"fds\": 3}{}', a)", "next one began"),
            new Offence("the next message too early, later", """
                    send(b'{"fds": 3}', a)
                    time.sleep(0.05)
                    peer.send(b"{")
                    """, "next one began"),
            new Offence("another byte instead of a space", """
                    send(b'{"fds": 4}', a)
                    time.sleep(0.05)
                    socket.send_fds(peer, [b"x"], a[:1])
                    """, "next one began"),
            new Offence("the end before all descriptors", """
                    send(b'{"fds": 3}', a)
                    peer.shutdown(socket.SHUT_WR)
                    """, "ended in the middle"),
            new Offence("the end in the middle of an object", """
                    send(b'{"fds": 2', a)
                    peer.shutdown(socket.SHUT_WR)
                    """, "ended in the middle"),
            new Offence("the end behind descriptors of nothing", """
                    send(b'{"jsonrpc": "2.0", "method": "x"} ', a)
                    peer.shutdown(socket.SHUT_WR)
                    """, "ended in the middle"),
            new Offence("descriptors and descriptors", """
                    for i in range(20):
                        socket.send_fds(peer, [b" "], a * 100)
                    """, "belong to no frame"),
            new Offence("unfinished for too long", "send(b'{\"fds\": 2', a)", UNFINISHED),
            new Offence("descriptors that do not come", "send(b'{\"fds\": 3}', a)", UNFINISHED));

    @ParameterizedTest
    @FieldSource("OFFENCES")
    void whoBreaksTheProtocolAsAClientIsToldAndCut(Offence offence) throws Exception {
        try (PythonPeer python = PythonJsonRpc.start(withFiles(offence) + CHECK, offence.told());
                JsonRpcConnection connection =
                        JsonRpcConnection.over(python.socket(), Methods.none(), offence.options())) {
            python.awaitSuccess();
            Pair.awaitEnd(connection);
            assertFatal(connection.failure().orElseThrow());
            TestFiles.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @FieldSource("OFFENCES")
    void whoBreaksTheProtocolInsteadOfAnsweringIsToldAndCut(Offence offence) throws Exception {
        String script = """
                message, fds = receive()
                assert message == {"jsonrpc": "2.0", "method": "ask", "id": 1, "fds": 1}, message
                close(fds)
                """ + withFiles(offence) + CHECK;
        try (OwnedFd file = TestFiles.holding("x");
                PythonPeer python = PythonJsonRpc.start(script, offence.told());
                JsonRpcConnection connection =
                        JsonRpcConnection.over(python.socket(), Methods.none(), offence.options())) {
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> connection.request("ask", null, file))
                    .satisfies(FatalTest::assertFatal);
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> connection.request("ask", null, file))
                    .satisfies(FatalTest::assertFatal);
            assertThat(connection.isOpen()).isFalse();
            python.awaitSuccess();
            Pair.awaitEnd(connection);
            TestFiles.awaitOpen(1);
        }
    }

    private static String withFiles(Offence offence) {
        // It may be cut before it has said all.
        return "a = files(2)\ntry:\n" + offence.script().indent(4)
                + "except (BrokenPipeError, ConnectionResetError):\n    pass\n";
    }

    /** What Python finds: the error, and then the end, which is a reset if this end had more to read. */
    private static final String CHECK = """
            message, fds = receive()
            assert message is not None, "nothing was told"
            assert error(message) == (-32050, None) and not fds, message
            assert message["error"]["message"] == "File Descriptor Error", message
            assert sys.argv[2] in message["error"]["data"], message
            try:
                assert receive() == (None, [])
            except ConnectionResetError:
                pass
            """;

    private static void assertFatal(IOException e) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        JsonRpcException.class,
                        fatal -> assertThat(fatal.code()).isEqualTo(JsonRpcException.FILE_DESCRIPTOR_ERROR))
                .isInstanceOfSatisfying(
                        JsonRpcException.class,
                        fatal -> assertThat(fatal.isFatal()).isTrue());
    }

    @Test
    void whatThePeerCallsFatalIsFatal() throws Exception {
        String script = """
                message, fds = receive()
                send({"jsonrpc": "2.0", "error": {"code": -32050, "message": "File Descriptor Error"}, "id": None}, fds)
                try:
                    assert receive() == (None, [])
                except ConnectionResetError:
                    pass
                """;
        try (OwnedFd file = TestFiles.holding("x");
                PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = JsonRpcConnection.over(python.socket())) {
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> connection.request("ask", null, file))
                    .withMessageContaining("the peer could not match")
                    .satisfies(FatalTest::assertFatal);
            python.awaitSuccess();
            Pair.awaitEnd(connection);
            TestFiles.awaitOpen(1);
        }
    }

    @Test
    void anAnswerWithTheSameCodeEndsNothing() throws Exception {
        String script = """
                for i in range(2):
                    message, fds = receive()
                    send({"jsonrpc": "2.0", "error": {"code": -32050, "message": "no file"}, "id": message["id"]})
                """;
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = JsonRpcConnection.over(python.socket())) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(JsonRpcException.class)
                        .isThrownBy(() -> connection.request("ask", null))
                        .withMessage("no file")
                        .satisfies(e -> assertThat(e.isFatal()).isFalse());
            }
            python.awaitSuccess();
        }
    }

    @Test
    void aKilledPeerIsTheEndOfTheStream() throws Exception {
        AtomicReference<PythonPeer> toKill = new AtomicReference<>();
        Methods methods = Methods.none().on("kill me", call -> {
            toKill.get().kill();
            return null;
        });
        String script = """
                receive()
                send({"jsonrpc": "2.0", "method": "kill me"})
                time.sleep(30)
                """;
        try (PythonPeer python = PythonJsonRpc.start(script);
                JsonRpcConnection connection = JsonRpcConnection.over(python.socket(), methods)) {
            toKill.set(python);
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> connection.request("ask", null));
            Pair.awaitEnd(connection);
            assertThat(connection.failure()).isEmpty();
        }
    }
}
