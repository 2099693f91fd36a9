package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One that is closed through this library never gets to the kernel (S08); other code may close its number, though. */
class BadDescriptorTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName(
            "S03: one number among good ones that somebody else closed: EBADF names its index, and nothing is sent")
    void closedBehindOurBack(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            int number = LibcCalls.epoll();
            OwnedFd bad = OwnedFd.adopt(number);
            LibcCalls.close(number);
            try {
                assertThatExceptionOfType(ErrnoException.class)
                        .isThrownBy(() -> door.send(pair.first(), new byte[1], files.get(0), bad, files.get(1)))
                        .satisfies(e -> assertThat(e.name()).isEqualTo("EBADF"))
                        .withMessageContaining("descriptor 1 of 3")
                        .withMessageContaining("fd " + number);
            } finally {
                bad.detach(); // its number is nobody's, or will be somebody else's
            }
            assertThat(pair.second().tryReceive(1, 3)).isEmpty();

            door.send(pair.first(), new byte[1], files.first(2));
            try (Arrival arrival = door.receive(pair.second(), 1, 3)) {
                assertThat(arrival.fds()).hasSize(2);
                files.assertFirstOnesAre(arrival.fds());
            }
        }
    }
}
