package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client that asks for many replies, and behind them for another protocol, without waiting in between. */
class UpgradeBehindMoreTest {
    private static final String MORE_AND_UPGRADE = """
            varlink = connect()
            varlink.send({"method": "org.example.files.Make", "parameters": {"count": 3000, "failAtTheEnd": False}, "more": True})
            call = {"method": "org.example.files.Talk", "parameters": {"greeting": "hello"}, "upgrade": True}
            def take_all():
                for i in range(3000):
                    reply, fds = varlink.receive()
                    assert reply.get("continues", False) == (i < 2999), reply
                    os.close(fds[0])
                reply, fds = varlink.receive()
                assert reply["parameters"]["user"] == os.getuid(), reply
                assert varlink.peer.recv(5, socket.MSG_WAITALL) == b"hello"
            """;

    private static void run(String script) throws Exception {
        try (Served served = Served.start()) {
            PythonVarlink.run(script, served.server.localAddress().toString());
        }
    }

    @Test
    void theOtherProtocolBeginsBehindTheReply() throws Exception {
        run(MORE_AND_UPGRADE + """
                varlink.send(call)
                take_all()
                varlink.peer.sendall(b"no\\0json")
                varlink.peer.shutdown(socket.SHUT_WR)
                assert varlink.peer.recv(100, socket.MSG_WAITALL) == b"no\\0json"
                """);
    }

    @Test
    void whatCameEarlyIsNotTakenForCalls() throws Exception {
        run(MORE_AND_UPGRADE + """
                varlink.send_bytes(json.dumps(call).encode() + b"\\0" + b"ear\\0ly")
                varlink.peer.shutdown(socket.SHUT_WR)
                take_all()
                assert varlink.peer.recv(100, socket.MSG_WAITALL) == b"ear\\0ly"
                """);
    }

    @Test
    void oneThatIsAskedForBehindTheLastReplyIsNotDisturbed() throws Exception {
        run("""
                for i in range(300):
                    varlink = connect()
                    varlink.call("org.example.files.Make", {"count": 0, "failAtTheEnd": False}, more=True)
                    varlink.call("org.example.files.Talk", {"greeting": "hello"}, upgrade=True)
                    assert varlink.peer.recv(5, socket.MSG_WAITALL) == b"hello", i
                    varlink.peer.sendall(b"world")
                    varlink.peer.shutdown(socket.SHUT_WR)
                    assert varlink.peer.recv(100, socket.MSG_WAITALL) == b"world", i
                """);
    }

    @Test
    void whoGoesMeanwhileIsHeardOf() throws Exception {
        try (Served served = Served.start()) {
            PythonVarlink.run("""
                    varlink = connect()
                    varlink.send({"method": "org.example.files.Watch", "more": True})
                    varlink.send({"method": "org.example.files.Talk", "parameters": {"greeting": "hello"}, "upgrade": True})
                    assert varlink.receive()[0]["continues"]
                    """, served.server.localAddress().toString());
            assertThat(served.files.unwatched.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
