package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPair;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SenderDiedTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R16: all that a process queued arrives, descriptors included, when it was killed before the receive")
    void everythingQueuedArrives(SocketType type, Door door) throws IOException {
        String script = """
                import signal
                child = os.fork()
                if child == 0:
                    for count in (1, 2, 3):
                        socket.send_fds(theirs, [b"%d" % count], files(count))
                    os.kill(os.getpid(), signal.SIGKILL)
                pid, status = os.waitpid(child, 0)
                theirs.close()
                peer.send(b"%d" % os.WTERMSIG(status))
                """;
        try (PythonPair python = PythonPair.start(type, script)) {
            try (Received died = python.peer().socket().receive(10, 0)) {
                assertThat(died.data()).isEqualTo(Text.buffer("9"));
            }
            for (int count = 1; count <= 3; count++) {
                try (Arrival arrival = door.receive(python.socket(), 10, 3)) {
                    assertThat(arrival.data()).containsExactly('0' + count);
                    assertThat(arrival.controlTruncated()).isFalse();
                    assertThat(arrival.fds()).hasSize(count);
                    for (int i = 0; i < count; i++) {
                        assertThat(arrival.fds().get(i).info().name()).startsWith("/memfd:from-python-" + i);
                    }
                }
            }
            assertThat(OpenFiles.count("/memfd:from-python")).isZero();
        }
    }
}
