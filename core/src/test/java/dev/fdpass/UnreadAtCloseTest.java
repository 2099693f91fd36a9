package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer says its last words, with a descriptor, and closes while something for it is still unread. */
class UnreadAtCloseTest {
    private static void assertReset(Door door, ScmSocket socket) {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> door.receive(socket, 10, 1).close())
                .satisfies(e -> assertThat(e.name()).isEqualTo("ECONNRESET"));
    }

    private static void assertLastWords(Door door, ScmSocket socket, Memfds files) throws IOException {
        try (Arrival arrival = door.receive(socket, 10, 1)) {
            assertThat(arrival.data()).containsExactly(7);
            assertThat(arrival.fds()).hasSize(1);
            files.assertFirstOnesAre(arrival.fds());
        }
    }

    private static SocketPair<? extends ScmSocket> afterLastWords(SocketType type, Door door, Memfds files)
            throws IOException {
        SocketPair<? extends ScmSocket> pair = type.pair();
        door.send(pair.first(), new byte[] {1}, files.get(0)); // never read
        door.send(pair.second(), new byte[] {7}, files.get(0));
        pair.second().close();
        return pair;
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R17: a seqpacket reader gets ECONNRESET first, and what was sent before the close after it")
    void seqpacket(Door door) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = afterLastWords(SocketType.SEQPACKET, door, files)) {
            assertReset(door, pair.first());
            assertThat(pair.first().isOpen()).isTrue();
            assertLastWords(door, pair.first(), files);
            try (Received end = pair.first().receive(10, 1)) {
                assertThat(end.isEndOfStream()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("R17: a stream reader gets what was sent before the close, then ECONNRESET once, then the end")
    void stream(Door door) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = afterLastWords(SocketType.STREAM, door, files)) {
            assertLastWords(door, pair.first(), files);
            assertReset(door, pair.first());
            assertThat(pair.first().isOpen()).isTrue();
            try (Received end = pair.first().receive(10, 1)) {
                assertThat(end.isEndOfStream()).isTrue();
            }
        }
    }
}
