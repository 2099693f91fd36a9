package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.TestFiles;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The other end speaks the bytes of docs/tube.md, and is written from nothing else. */
class TubeWithPythonTest {
    private static final String FRAMES = """
            import json

            def read(count, fds):
                data = b""
                while len(data) < count:
                    part, came, flags, address = socket.recv_fds(peer, count - len(data), 253)
                    assert flags & socket.MSG_CTRUNC == 0
                    if not part:
                        raise EOFError
                    data += part
                    fds += came
                return data

            def receive():
                fds = []
                magic, version, zero, size, count = struct.unpack("<2sBBII", read(12, fds))
                assert (magic, version, zero) == (b"Fd", 1, 0)
                data = read(size, fds)
                assert len(fds) == count
                return data, fds

            def send(data, fds=[]):
                data = struct.pack("<2sBBII", b"Fd", 1, 0, len(data), len(fds)) + data
                sent = socket.send_fds(peer, [data], fds) if fds else peer.send(data)
                assert sent == len(data)

            def text(fd):
                return os.pread(fd, 100, 0).decode()

            def file(text):
                fd = os.memfd_create("python")
                os.write(fd, text.encode())
                return fd

            def close(fds):
                for fd in fds:
                    os.close(fd)
            """;

    @Test
    void pythonReadsWhatATubeSends() throws Exception {
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        data, fds = receive()
                        assert data == b'{"Ping":{}}' and not fds, data
                        data, fds = receive()
                        assert data == b'{"Mode":"SLOW"}' and not fds, data
                        data, fds = receive()
                        assert data == b'{"Open":{"name":"x","file":null,"more":{}}}' and not fds, data
                        data, fds = receive()
                        message = json.loads(data)["Open"]
                        assert message["name"] == 'five \\u00e4 "', message
                        assert sorted(message["more"].values()) + [message["file"]] == [1, 2, 3, 4, 5, 0], message
                        assert text(fds[message["file"]]) == "the file"
                        for key, index in message["more"].items():
                            assert text(fds[index]) == "more " + key
                        print("all read")
                        """);
                Tube<ToWorker, FromWorker> tube = Tube.over(python.socket(), ToWorker.class, FromWorker.class)) {
            tube.send(new ToWorker.Ping());
            tube.send(ToWorker.Mode.SLOW);
            tube.send(new ToWorker.Open("x", null, Map.of()));
            Map<String, OwnedFd> more = new LinkedHashMap<>();
            ToWorker.Open open = new ToWorker.Open("five ä \"", TestFiles.holding("the file"), more);
            for (String key : List.of("z", "y", "a", "b", "c")) {
                more.put(key, TestFiles.holding("more " + key));
            }
            tube.send(open);
            Descriptors.closeAll(open);
            python.socket().close();
            assertThat(python.awaitSuccess()).isEqualTo("all read\n");
        }
    }

    @Test
    void aTubeReadsWhatPythonSends() throws Exception {
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        send(b'{"Pong": {"number": 1}}')
                        send(b' {"Opened" : {"files": [1, 0], "new": true}} ', [file("a"), file("b")])
                        send(b'{"Opened":{"files":[0]}}', [file("a"), file("b")])
                        send(b'{"Opened":{"files":[0, 0]}}', [file("a"), file("b")])
                        send(b'{"Closed":{"file":0}}', [file("a")])
                        send(b'\\xff', [file("a")])
                        send(b'{"Pong":{}}')
                        """);
                Tube<ToWorker, FromWorker> tube = Tube.over(python.socket(), ToWorker.class, FromWorker.class)) {
            assertThat(tube.receive()).isEqualTo(new FromWorker.Pong(1));
            FromWorker.Opened opened = (FromWorker.Opened) tube.receive();
            assertThat(opened.files()).extracting(TestFiles::text).containsExactly("b", "a");
            Descriptors.closeAll(opened);
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(tube::receive)
                    .withMessageContaining("descriptor 1 is named by no member");
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(tube::receive)
                    .withMessageContaining("descriptor 0 is named twice");
            assertThatExceptionOfType(UnknownMessageException.class)
                    .isThrownBy(tube::receive)
                    .satisfies(e -> assertThat(e.name()).isEqualTo("Closed"));
            assertThatExceptionOfType(MessageException.class).isThrownBy(tube::receive);
            assertThat(tube.receive()).isEqualTo(new FromWorker.Pong(0));
            python.socket().close();
            assertThat(python.awaitSuccess()).isEqualTo("");
        }
    }

    @Test
    void pythonAnswersRequests() throws Exception {
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        waiting = []
                        for i in range(3):
                            data, fds = receive()
                            kind, id = struct.unpack("<BQ", data[:9])
                            assert kind == 1 and id == i + 1
                            waiting.append((id, json.loads(data[9:])["Open"], fds))
                            if i < 2:
                                # Only then is the next one asked.
                                send(struct.pack("<BQ", 2, id) + b'{"Opened":{"files":[0]}}', fds)
                        send(struct.pack("<BQ", 2, 77) + b'nobody has asked for this', waiting[0][2])
                        send(struct.pack("<BQ", 3, 3) + "nö".encode())
                        """);
                var tube = RequestTube.over(python.socket(), ToWorker.class, FromWorker.class)) {
            for (int i = 0; i < 2; i++) {
                try (OwnedFd file = TestFiles.holding("file " + i)) {
                    FromWorker.Opened opened = (FromWorker.Opened)
                            tube.request(Duration.ofSeconds(20), new ToWorker.Open("x", file, Map.of()));
                    assertThat(opened.files()).extracting(TestFiles::text).containsExactly("file " + i);
                    Descriptors.closeAll(opened);
                }
            }
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> tube.request(Duration.ofSeconds(20), new ToWorker.Open("x", null, Map.of())))
                    .withMessage("nö");
            python.socket().close();
            assertThat(python.awaitSuccess()).isEqualTo("");
        }
    }

    @Test
    void pythonAsks() throws Exception {
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        send(struct.pack("<BQ", 1, 5) + b'{"Count":{"number":8}}')
                        data, fds = receive()
                        assert data == struct.pack("<BQ", 2, 5) + b'{"Pong":{"number":8}}', data
                        send(struct.pack("<BQ", 1, 2**64 - 1) + b'{"Count":{"number":"x"}}', [file("lost")])
                        data, fds = receive()
                        assert data[:9] == struct.pack("<BQ", 3, 2**64 - 1), data
                        assert b"no ToWorker at number: " in data, data
                        print("answered")
                        peer.close()
                        """);
                var tube = ReplyTube.over(python.socket(), ToWorker.class, FromWorker.class)) {
            tube.serve(2, request -> request.reply(new FromWorker.Pong(((ToWorker.Count) request.message()).number())));
            python.socket().close();
            assertThat(python.awaitSuccess()).isEqualTo("answered\n");
        }
    }
}
