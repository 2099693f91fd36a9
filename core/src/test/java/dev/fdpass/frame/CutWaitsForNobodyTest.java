package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.PythonPeer;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cutting returns although closing what came would wait, however much that is. */
class CutWaitsForNobodyTest {
    /**
     * As many descriptors as the default limits let come before they cut. Closing the first ones and the last one waits: TCP
     * sockets with unsent data that nobody reads, and SO_LINGER.
     */
    private static final String LINGERING = """
            import time
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            accepted = []

            def lingering():
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 100))
                s.connect(listener.getsockname())
                accepted.append(listener.accept()[0])
                s.setblocking(False)
                for i in range(5): # until the other end takes nothing more
                    try:
                        while True:
                            s.send(bytes(1 << 16))
                    except BlockingIOError:
                        time.sleep(0.02)
                return s

            plain = os.open("/dev/null", os.O_RDONLY)
            first = [lingering() for i in range(8)]
            last = lingering()
            fds = [s.fileno() for s in first] + [plain] * (3 * 253 - 9) + [last.fileno()]
            for i in range(3):
                assert socket.send_fds(peer, [b" "], fds[253 * i:253 * (i + 1)]) == 1
            for s in first + [last]:
                s.close() # not the last ones: the others are on their way
            peer.shutdown(socket.SHUT_WR)
            os.read(0, 1)
            """;

    @Test
    @DisplayName("R21 L05: at the default limits a cut waits for no descriptor, and the socket is closed at once")
    void atTheDefaultLimits() throws Exception {
        try (PythonPeer peer = PythonPeer.start(LINGERING);
                FramedChannel channel = FramedChannel.over(peer.socket(), Framing.selfDelimitingJson())) {
            long begin = System.nanoTime();
            try (Background<?> receiving = Background.run(channel::receive)) {
                assertThat(receiving.failure())
                        .isInstanceOf(FrameException.class)
                        .hasMessageContaining("759 descriptors");
            } finally {
                peer.goOn();
            }
            assertThat(channel.isOpen()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
        }
    }
}
