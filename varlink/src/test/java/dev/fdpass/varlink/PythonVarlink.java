package dev.fdpass.varlink;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Python;
import java.io.IOException;

/** A process in Python that speaks Varlink by hand, from the protocol and from nothing of ours. */
final class PythonVarlink {
    private static final String PROLOGUE = """
            import errno, json, os, socket, sys

            def address():
                name = sys.argv[1]
                return "\\0" + name[1:] if name[0] == "@" else name

            def memory(text):
                fd = os.memfd_create("python")
                os.write(fd, text)
                return fd

            class Varlink:
                def __init__(self, peer):
                    self.peer = peer

                # Byte by byte, so that descriptors belong to the byte that they came with.
                def receive(self):
                    data, fds = b"", []
                    while not data.endswith(b"\\0"):
                        byte, came, flags, sender = socket.recv_fds(self.peer, 1, 253)
                        assert flags & socket.MSG_CTRUNC == 0
                        if byte == b"":
                            raise EOFError(data)
                        assert data == b"" or came == [], "descriptors with a later byte: sd-varlink says EPROTO"
                        data += byte
                        fds += came
                    return json.loads(data[:-1]), fds

                def send(self, message, *fds):
                    self.send_bytes(json.dumps(message).encode() + b"\\0", *fds)

                def send_bytes(self, data, *fds):
                    sent = socket.send_fds(self.peer, [data], fds) if fds else 0
                    if data[sent:]:
                        self.peer.sendall(data[sent:])

                def call(self, method, parameters={}, *fds, **more):
                    self.send({"method": method, "parameters": parameters, **more}, *fds)
                    return self.receive()

            def connect():
                peer = socket.socket(socket.AF_UNIX)
                peer.connect(address())
                return Varlink(peer)

            def accept():
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(address())
                listener.listen()
                print("listens", flush=True)
                return Varlink(listener.accept()[0])

            def ended(varlink):
                try:
                    varlink.peer.shutdown(socket.SHUT_WR)
                    rest = varlink.peer.recv(1000)
                    assert rest == b"", rest
                except OSError as e:
                    assert e.errno in (errno.ECONNRESET, errno.ENOTCONN), e
            """;

    private PythonVarlink() {}

    /** Starts a script, with the address that it is to connect to or to bind. */
    static ChildProcess start(String script, String address, String... arguments) throws IOException {
        Object[] all = new Object[arguments.length + 1];
        all[0] = address;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Python.start(PROLOGUE + script, all);
    }

    /** The same to its end, which must be a good one. */
    static void run(String script, String address, String... arguments) throws IOException, InterruptedException {
        try (ChildProcess python = start(script, address, arguments)) {
            python.await().outputOfSuccess();
        }
    }
}
