package dev.fdpass.jsonrpc;

import dev.fdpass.testing.PythonPeer;
import java.io.IOException;

/**
 * The other end in Python, written from the specification of jsonrpc-fdpass and from nothing of ours: a script that has
 * {@code send} and {@code receive}, and {@code peer}, the socket.
 */
final class PythonJsonRpc {
    private static final String PROLOGUE = """
            import json, time
            peer.settimeout(60)
            buffered = b""
            queue = []

            def read():
                global buffered
                data, fds, flags, address = socket.recv_fds(peer, 65536, 253)
                assert flags & socket.MSG_CTRUNC == 0
                queue.extend(fds)
                buffered += data
                return len(data) > 0

            def value():
                global buffered
                while True:
                    buffered = buffered.lstrip(b" \\t\\r\\n")
                    try:
                        text = buffered.decode()
                        found, end = json.JSONDecoder().raw_decode(text)
                        buffered = buffered[len(text[:end].encode()):]
                        return found
                    except ValueError:
                        if not read():
                            assert not buffered, buffered
                            return None

            def receive():
                # The next message and its descriptors; None and none at the end.
                message = value()
                if message is None:
                    return None, []
                count = message.get("fds", 0)
                while len(queue) < count:
                    assert not buffered.strip(b" \\t\\r\\n"), buffered
                    assert read()
                fds = queue[:count]
                del queue[:count]
                return message, fds

            def send(message, fds=()):
                fds = list(fds)
                if isinstance(message, dict):
                    message = json.dumps({**message, "fds": len(fds)} if fds else message).encode()
                first, rest = fds[:253], fds[253:]
                sent = socket.send_fds(peer, [message], first) if first else peer.send(message)
                if message[sent:]:
                    peer.sendall(message[sent:])
                while rest:
                    assert socket.send_fds(peer, [b" "], rest[:253]) == 1
                    rest = rest[253:]

            def request(id, method, params=None, fds=()):
                message = {"jsonrpc": "2.0", "method": method, "id": id}
                if params is not None:
                    message["params"] = params
                send(message, fds)

            def file(text):
                fd = os.memfd_create("from-python")
                os.write(fd, text.encode())
                return fd

            def files(count):
                return [file(str(i)) for i in range(count)]

            def text(fd):
                data = os.pread(fd, 100, 0).decode()
                os.close(fd)
                return data

            def close(fds):
                for fd in fds:
                    os.close(fd)

            def error(message):
                return message["error"]["code"], message["id"]

            """;

    private PythonJsonRpc() {}

    /** Starts a script; {@code arguments} are its {@code sys.argv[2:]}. */
    static PythonPeer start(String script, String... arguments) throws IOException {
        return PythonPeer.start(PROLOGUE + script, (Object[]) arguments);
    }
}
