package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeerIsGoneTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("S07: sending to a peer that closed is an exception with its errno, and no signal")
    void sending(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.second().close();
            // The kernel takes the connection of a datagram socket away with the first refusal.
            for (String expected : type == SocketType.DATAGRAM
                    ? new String[] {"ECONNREFUSED", "ENOTCONN"}
                    : new String[] {"EPIPE", "EPIPE"}) {
                assertThatExceptionOfType(ErrnoException.class)
                        .isThrownBy(() -> door.send(pair.first(), new byte[1], files.get(0)))
                        .satisfies(e -> assertThat(e.name()).isEqualTo(expected))
                        .satisfies(e -> assertThat(e.call()).isEqualTo("sendmsg"));
            }
        }
    }

    /** The JVM ignores SIGPIPE, so that in this process its absence proves nothing: look at the flag itself. */
    @Test
    @DisplayName("S07: not even where SIGPIPE has its default action")
    void noSignal() throws Exception {
        String output = ChildProcess.run(JavaProgram.onClassPath(Sender.class)).outputOfSuccess();
        assertThat(output).isEqualTo("EPIPE\nEPIPE\nEPIPE\n");
    }

    /** Runs in a child that lets SIGPIPE kill it. */
    static final class Sender {
        private Sender() {}

        public static void main(String[] arguments) throws Throwable {
            SignalDefault.set(13);
            for (Door door : Door.values()) {
                try (SocketPair<UnixStream> pair = UnixStream.pair()) {
                    pair.second().close();
                    try {
                        door.send(pair.first(), new byte[1]);
                    } catch (ErrnoException e) {
                        System.out.println(e.name());
                    }
                }
            }
            try (SocketPair<UnixStream> pair = UnixStream.pair()) {
                pair.second().close();
                try {
                    pair.first().write(ByteBuffer.allocate(1));
                } catch (ErrnoException e) {
                    System.out.println(e.name());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "SEQPACKET"})
    @DisplayName("R16: what a peer sent before it closed arrives, and then the end")
    void whatAPeerSentBeforeItClosedArrives(SocketType type) throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(3), files.first(2));
            pair.first().close();
            try (Received received = pair.second().receive(10, 2)) {
                assertThat(received.bytes()).isEqualTo(3);
                assertThat(received.fdCount()).isEqualTo(2);
            }
            try (Received end = pair.second().receive(10, 2)) {
                assertThat(end.isEndOfStream()).isTrue();
                assertThat(end.bytes()).isEqualTo(-1);
                assertThat(end.data().remaining()).isZero();
            }
            assertThat(pair.second().tryReceive(10, 2))
                    .hasValueSatisfying(end -> assertThat(end.isEndOfStream()).isTrue());
            try (ScmMessage message = ScmMessage.allocate(1, 1)) {
                assertThat(pair.second().receive(message)).isFalse();
                assertThat(message.isEndOfStream()).isTrue();
                assertThat(message.bytes()).isEqualTo(-1);
                assertThat(pair.second().tryReceive(message)).isEqualTo(TryResult.END_OF_STREAM);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAM", "SEQPACKET"})
    @DisplayName("R17: a peer that left something unread resets the connection")
    void aPeerThatLeftSomethingUnreadResetsTheConnection(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1));
            pair.second().close();
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> pair.first().receive(1, 0))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("ECONNRESET"));
        }
    }
}
