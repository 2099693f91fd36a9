package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StatusFlagsStayTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R18: O_APPEND and the offset of a file are the same after it was sent, received, written and closed")
    void aFile(SocketType type, Door door) throws IOException {
        Path path = directory.resolve("log");
        try (OwnedFd file = OwnedFd.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.READ);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            file.write(ByteBuffer.wrap("one ".getBytes(UTF_8)));
            file.position(2);
            int flags = OpenFiles.statusFlags(file.number());
            door.send(pair.first(), new byte[1], file);
            try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                OwnedFd received = arrival.fds().getFirst();
                assertThat(OpenFiles.statusFlags(received.number())).isEqualTo(flags);
                assertThat(received.position()).isEqualTo(2);
                received.read(ByteBuffer.allocate(1), 0);
                assertThat(file.position())
                        .as("a positional read leaves the shared offset alone")
                        .isEqualTo(2);
                received.write(ByteBuffer.wrap("two".getBytes(UTF_8)));
                assertThat(OpenFiles.statusFlags(file.number())).isEqualTo(flags);
            }
            assertThat(OpenFiles.statusFlags(file.number())).isEqualTo(flags);
        }
        assertThat(Files.readString(path)).isEqualTo("one two");
    }

    @Test
    @DisplayName("R18: a blocking read of a received pipe leaves it blocking for the sender")
    void aPipe() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (OwnedFd ends = OwnedFd.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            int flags = OpenFiles.statusFlags(ends.number());
            assertThat(flags & OpenFiles.NON_BLOCKING).isZero();
            pair.first().send(ByteBuffer.allocate(1), ends);
            try (Received received = pair.second().receive(1, 1);
                    OwnedFd reader = received.takeFd(0)) {
                ByteBuffer buffer = ByteBuffer.allocate(4);
                try (Background<Integer> reading = Background.blocked(() -> reader.read(buffer))) {
                    assertThat(OpenFiles.statusFlags(ends.number()))
                            .as("while it waits")
                            .isEqualTo(flags);
                    ends.write(ByteBuffer.wrap("data".getBytes(UTF_8)));
                    assertThat(reading.get()).isEqualTo(4);
                }
                assertThat(OpenFiles.statusFlags(ends.number())).isEqualTo(flags);
            }
        }
    }

    @Test
    @DisplayName("R18: one that its sender made non-blocking stays so, and a read of it waits all the same")
    void aNonBlockingPipe() throws Exception {
        String script = """
                reader, writer = os.pipe()
                os.set_blocking(reader, False)
                socket.send_fds(peer, [b"+"], [reader])
                peer.recv(1)
                os.write(writer, b"data")
                peer.recv(1)
                sys.exit(1 if os.get_blocking(reader) else 0)
                """;
        try (PythonPeer python = PythonPeer.start(script);
                Received received = python.socket().receive(1, 1);
                OwnedFd reader = received.takeFd(0)) {
            int flags = OpenFiles.statusFlags(reader.number());
            assertThat(flags & OpenFiles.NON_BLOCKING).isNotZero();
            ByteBuffer buffer = ByteBuffer.allocate(4);
            try (Background<Integer> reading = Background.blocked(() -> reader.read(buffer))) {
                python.socket().send(ByteBuffer.allocate(1));
                assertThat(reading.get()).isEqualTo(4);
            }
            assertThat(OpenFiles.statusFlags(reader.number())).isEqualTo(flags);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R18: blocking, timed and trying operations leave the socket itself blocking")
    void theSocket(SocketType type) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            ScmSocket socket = pair.second();
            int flags = OpenFiles.flags(socket.asFd().number());
            assertThat(flags & OpenFiles.NON_BLOCKING).isZero();
            assertThat(flags & OpenFiles.CLOSE_ON_EXEC).isNotZero();

            assertThat(socket.tryReceive(1, 1)).isEmpty();
            socket.setReceiveTimeout(Duration.ofMillis(1));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.receive(1, 1));
            socket.setReceiveTimeout(Duration.ZERO);
            try (Background<Integer> receiving = Background.blocked(
                    () -> Door.CONVENIENT.receive(socket, 1, 0).bytes())) {
                assertThat(OpenFiles.flags(socket.asFd().number())).isEqualTo(flags);
                pair.first().send(ByteBuffer.allocate(1));
                assertThat(receiving.get()).isEqualTo(1);
            }

            ByteBuffer packet = ByteBuffer.allocateDirect(1000);
            while (socket.trySend(packet.clear()).isPresent()) {
                // until the peer's queue is full
            }
            socket.setSendTimeout(Duration.ofMillis(1));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.send(packet.clear()));
            assertThat(OpenFiles.flags(socket.asFd().number())).isEqualTo(flags);
        }
    }

    @Test
    @DisplayName("R18: a listener stays blocking too")
    void theListener() throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            int flags = OpenFiles.flags(listener.asFd().number());
            assertThat(listener.tryAccept()).isEmpty();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> listener.accept(Duration.ofMillis(1)));
            assertThat(OpenFiles.flags(listener.asFd().number())).isEqualTo(flags);
            assertThat(flags & OpenFiles.NON_BLOCKING).isZero();
        }
    }
}
