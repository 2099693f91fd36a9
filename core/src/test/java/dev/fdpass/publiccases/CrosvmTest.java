package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of crosvm's seqpacket sockets (its crate {@code base}, {@code net.rs}). */
class CrosvmTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R12: next_packet_size")
    void nextPacketSize(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(Text.buffer("1234"), pair.first());
            assertThat(type.nextPacketSize(pair.second())).isEqualTo(4);
            assertThat(type.nextPacketSize(pair.second())).as("it stays").isEqualTo(4);
            try (Received received = pair.second().receive(4, 1)) {
                assertThat(received.isPayloadTruncated()).isFalse();
                assertThat(received.fdCount()).as("a look takes none").isEqualTo(1);
            }
            pair.second().setReceiveTimeout(SHORT);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> type.nextPacketSize(pair.second()));
            if (type == SocketType.SEQPACKET) {
                pair.first().close();
                assertThat(type.nextPacketSize(pair.second())).isEqualTo(-1);
            }
        }
    }

    /** A socket option would round so short a time to none, which means for ever. */
    @ParameterizedTest
    @EnumSource(SocketType.class)
    void zeroTimeout(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().setReceiveTimeout(Duration.ofNanos(10));
            assertThat(pair.first().receiveTimeout()).isEqualTo(Duration.ofNanos(10));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.first().receive(1, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void readTimeout(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().setReceiveTimeout(SHORT);
            long begin = System.nanoTime();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.first().receive(1, 0));
            assertThat(System.nanoTime() - begin).isBetween(SHORT.toNanos(), PATIENCE.toNanos());
        }
    }

    @Test
    void acceptWithTimeout() throws Exception {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.of(directory.resolve("door")))) {
            assertThat(listener.tryAccept()).isEmpty();
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> listener.accept(SHORT));
            try (UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                    UnixSeqpacket server = listener.accept(SHORT)) {
                client.send(Text.buffer("hello"));
                assertThat(server.nextPacketSize()).isEqualTo(5);
            }
            try (Background<UnixSeqpacket> accepting = Background.blocked(() -> listener.accept(PATIENCE));
                    UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                    UnixSeqpacket server = accepting.get()) {
                assertThat(client.isOpen() && server.isOpen()).isTrue();
            }
        }
    }

    /** crosvm names it by {@code /proc/self/fd/N}; here it is adopted. */
    @Test
    void listenerFromFd() throws IOException {
        UnixAddress address = UnixAddress.of(directory.resolve("door"));
        try (UnixSeqpacketListener original = UnixSeqpacketListener.bind(address);
                OwnedFd duplicate = original.asFd().duplicate();
                UnixSeqpacketListener listener = UnixSeqpacketListener.adopt(duplicate)) {
            assertThat(listener.localAddress()).isEqualTo(address);
            try (UnixSeqpacket client = UnixSeqpacket.connect(address);
                    UnixSeqpacket server = listener.accept(PATIENCE)) {
                client.send(Text.buffer("hello"));
                try (Received received = server.receive(10, 0)) {
                    assertThat(Text.of(received.data())).isEqualTo("hello");
                }
            }
        }
    }

    @Test
    void unlinksItsPathOnClose() throws IOException {
        Path path = directory.resolve("door");
        UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.of(path));
        assertThat(path).exists();
        listener.close();
        assertThat(path).doesNotExist();
    }
}
