package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import java.io.IOException;
import java.util.Optional;

/** Looks at sockets after something was tried with them. */
final class Look {
    private Look() {}

    /** A packet came through with one descriptor, or nothing did; and the next one goes well. */
    static String sent(ScmSocket from, ScmSocket to, boolean failed) throws IOException {
        if (failed) {
            assertThat(to.tryReceive(8, 2)).isEmpty();
        } else {
            try (Received received = to.receive(8, 2)) {
                assertThat(received.bytes()).isEqualTo(2);
                assertThat(received.fdCount()).isEqualTo(1);
            }
        }
        from.send(buffer("next"));
        return arrives(to, 4, 0);
    }

    /** What failed to be received is still there, whole. */
    static String stillThere(ScmSocket socket, boolean failed) throws IOException {
        if (failed) {
            return arrives(socket, 2, 1);
        }
        assertThat(socket.tryReceive(8, 2)).isEmpty();
        return "";
    }

    static String arrives(ScmSocket socket, int bytes, int fds) throws IOException {
        Optional<Received> next = socket.tryReceive(8, 2);
        assertThat(next).isPresent();
        try (Received received = next.get()) {
            assertThat(received.bytes()).isEqualTo(bytes);
            assertThat(received.fdCount()).isEqualTo(fds);
        }
        return "";
    }
}
