package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.frame.FrameException.Reason;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.SocketOptions;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The other end is written in Python, from the protocols and from nothing of ours. Each descriptor is a file that says which
 * one of how many it is.
 */
class FramesWithPythonTest {
    private static final int[] COUNTS = {0, 1, 2, 5, 0, 0, 252, 253, 254, 600, 1};
    private static final FrameLimits LIMITS = FrameLimits.DEFAULT.maxFds(600);

    /** Reads and writes frames of each kind, exactly as many bytes as are of the frame. */
    private static final String FRAMES = """
            import json, random

            def read(count, fds):
                data = b""
                while len(data) < count:
                    part, came, flags, address = socket.recv_fds(peer, count - len(data), 253)
                    assert flags & socket.MSG_CTRUNC == 0
                    if not part:
                        raise EOFError(len(data))
                    fds += came
                    data += part
                return data

            class HEADER:
                def receive(self):
                    fds = []
                    magic, version, zero, size, count = struct.unpack("<2sBBII", read(12, fds))
                    assert (magic, version, zero) == (b"Fd", 1, 0)
                    data = read(size, fds)
                    assert len(fds) == count, (len(fds), count)
                    return data, fds

                def bytes(self, data, count):
                    return struct.pack("<2sBBII", b"Fd", 1, 0, len(data), count) + data

                def send(self, data, fds):
                    data = self.bytes(data, len(fds))
                    while len(fds) > 253:
                        assert socket.send_fds(peer, [data[:1]], fds[:253]) == 1
                        data, fds = data[1:], fds[253:]
                    pieces(data, fds)

            class NUL:
                def receive(self):
                    fds = []
                    data = read(1, fds)
                    while data[-1] != 0:
                        before = len(fds)
                        data += read(1, fds)
                        # systemd's sd-varlink refuses descriptors once a part of the message is there
                        assert len(fds) == before, "descriptors with a later byte"
                    return data[:-1], fds

                def bytes(self, data, count):
                    return data + b"\\0"

                def send(self, data, fds):
                    pieces(self.bytes(data, len(fds)), fds)

            class JSON:
                def __init__(self):
                    self.queue = []

                def receive(self):
                    data = b""
                    while True:
                        data = (data + read(1, self.queue)).lstrip(b" \\t\\r\\n")
                        try:
                            value = json.loads(data)
                            break
                        except ValueError:
                            pass
                    count = value.get("fds", 0)
                    while len(self.queue) < count:
                        filler = read(1, self.queue)
                        assert filler == b" ", filler
                    fds = self.queue[:count]
                    del self.queue[:count]
                    return data, fds

                def bytes(self, data, count):
                    return data

                def send(self, data, fds):
                    pieces(data, fds[:253])
                    for i in range(253, len(fds), 253):
                        assert socket.send_fds(peer, [b" "], fds[i:i + 253]) == 1

            chance = random.Random(7)

            def pieces(data, fds):
                while data:
                    size = min(len(data), chance.choice([1, 2, 5, 12, 40, 1000, 100000]))
                    sent = socket.send_fds(peer, [data[:size]], fds) if fds else peer.send(data[:size])
                    data, fds = data[sent:], []

            framing = {"HEADER": HEADER, "NUL": NUL, "JSON": JSON}[sys.argv[2]]()

            def files(word, count):
                made = [os.memfd_create("frame") for i in range(count)]
                for i, fd in enumerate(made):
                    os.write(fd, b"%s %d of %d" % (word, i, count))
                return made

            def close(fds):
                for fd in fds:
                    os.close(fd)

            """;

    private static void send(FramedChannel channel, byte[] content, int count) throws IOException {
        List<SharedMemory> files = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                SharedMemory file = SharedMemory.create("frame", 0);
                files.add(file);
                file.asFd().write(Text.buffer("sent " + i + " of " + count));
            }
            channel.send(ByteBuffer.wrap(content), files.toArray(AsFd[]::new));
        } finally {
            for (SharedMemory file : files) {
                file.close();
            }
        }
    }

    private static void receive(FramedChannel channel, byte[] content, int count) throws IOException {
        try (Frame frame = channel.receive()) {
            assertThat(Wire.bytes(frame.data())).isEqualTo(content);
            assertThat(frame.fdCount()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                try (OwnedFd fd = frame.takeFd(i)) {
                    ByteBuffer text = ByteBuffer.allocate(100);
                    fd.read(text, 0);
                    assertThat(Text.before(text)).isEqualTo("answered " + i + " of " + count);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesGoThereAndBack(Wire wire) throws Exception {
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        try:
                            while True:
                                data, fds = framing.receive()
                                for i, fd in enumerate(fds):
                                    assert os.pread(fd, 100, 0) == b"sent %d of %d" % (i, len(fds)), i
                                close(fds)
                                answers = files(b"answered", len(fds))
                                framing.send(data, answers)
                                close(answers)
                        except EOFError as end:
                            assert end.args[0] == 0, "in the middle of a frame"
                        """, wire.name());
                FramedChannel channel = FramedChannel.over(python.socket(), wire.framing(), LIMITS)) {
            channel.setReceiveTimeout(Duration.ofSeconds(60));
            for (int count : COUNTS) {
                if (wire == Wire.NUL && count > 253) {
                    continue;
                }
                for (int more : new int[] {0, 1, 5000, 100_000}) {
                    byte[] content = Wire.content(more, count, more);
                    if (more > 5000 && wire == Wire.JSON) {
                        continue; // Python parses it anew with each byte
                    }
                    send(channel, content, count);
                    receive(channel, content, count);
                }
            }
            for (int i = 0; i < 50; i++) {
                send(channel, Wire.content(i, i % 3), i % 3);
            }
            for (int i = 0; i < 50; i++) {
                receive(channel, Wire.content(i, i % 3), i % 3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "HEADER, MALFORMED, 'b\"Fe\" + good[2:]'",
                "HEADER, MALFORMED, 'good[:2] + b\"\\x02\" + good[3:]'",
                "HEADER, TOO_MANY_BYTES, 'good[:4] + b\"\\xff\" * 4 + good[8:]'",
                "HEADER, TOO_MANY_FDS, 'good[:8] + b\"\\xff\" * 4 + good[12:]'",
                "HEADER, FD_COUNT, 'framing.bytes(b\"{}\", 3)'",
                "HEADER, FD_COUNT, 'framing.bytes(b\"{}\", 1)'",
                "HEADER, ENDED_IN_FRAME, 'good[:-1]'",
                "NUL, TOO_MANY_BYTES, 'b\"x\" * 2000000'",
                "NUL, ENDED_IN_FRAME, 'good[:-1]'",
                "JSON, MALFORMED, 'b\"[1]\"'",
                "JSON, MALFORMED, 'b\"{\\x27a\\x27:1}\"'",
                "JSON, MALFORMED, 'b\"{\\x22fds\\x22:\\x222\\x22}\"'",
                "JSON, TOO_MANY_FDS, 'b\"{\\x22fds\\x22:601}\"'",
                "JSON, FD_COUNT, 'b\"{\\x22fds\\x22:3}{}\"'",
                "JSON, ENDED_IN_FRAME, 'b\"{\\x22fds\\x22:3}\"'",
                "JSON, ENDED_IN_FRAME, 'good[:-1]'",
            })
    @DisplayName(
            "R21: what is fatal is fatal, also from a peer that nobody here wrote; it is cut and everything closed")
    void fatal(Wire wire, Reason reason, String bytes) throws Exception {
        int before = OpenFiles.count();
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        first = files(b"answered", 2)
                        framing.send(b'{"n":1,"fds":2}', first)
                        good = framing.bytes(b'{"n":2,"fds":2}', 2)
                        try:
                            bad = eval(sys.argv[3])
                            sent = socket.send_fds(peer, [bad], first)
                            peer.sendall(bad[sent:])
                            peer.shutdown(socket.SHUT_WR)
                            assert peer.recv(1) == b"", "was answered"
                        except (BrokenPipeError, ConnectionResetError):
                            pass
                        """, wire.name(), bytes);
                FramedChannel channel = FramedChannel.over(python.socket(), wire.framing(), LIMITS)) {
            channel.setReceiveTimeout(Duration.ofSeconds(60));
            receive(channel, Wire.content(1, 2), 2);
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
            assertThat(channel.isOpen()).isFalse();
            assertThat(OpenFiles.count("/memfd:frame")).isLessThanOrEqualTo(2);
        }
        OpenFiles.awaitCount(before);
    }

    @ParameterizedTest
    @EnumSource
    void anEndInTheMiddleOfAFrameOfOursIsSeenThere(Wire wire) throws Exception {
        try (PythonPeer python = PythonPeer.start(FRAMES + """
                        os.read(0, 1) # until the sender found no more room
                        try:
                            framing.receive()
                            sys.exit("a whole frame came")
                        except EOFError:
                            pass
                        """, wire.name());
                FramedChannel channel = FramedChannel.over(python.socket(), wire.framing());
                FrameMessage message = FrameMessage.allocate(101_000)) {
            long set = channel.asFd().use(number -> SocketOptions.set(number, SocketConstants.SO_SNDBUF, 4096));
            assertThat(set).isZero();
            message.data().put(Wire.content(1, 0, 100_000));
            boolean isSent = channel.trySend(message);
            python.goOn();
            assertThat(isSent).isFalse();
            assertThat(message.isPartlySent()).isTrue();
        }
    }
}
