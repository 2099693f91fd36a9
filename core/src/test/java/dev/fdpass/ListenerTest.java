package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pathname", "abstract", "autobound", "java"})
    void connectionsGoToTheAddress(String kind) throws IOException {
        java.net.SocketAddress address = switch (kind) {
            case "pathname" -> UnixAddress.of(directory.resolve("socket"));
            case "abstract" ->
                UnixAddress.of("@fdpass-listener-" + ProcessHandle.current().pid());
            case "autobound" -> UnixAddress.unnamed();
            default -> UnixDomainSocketAddress.of(directory.resolve("socket"));
        };
        try (Memfds files = new Memfds(1);
                UnixStreamListener listener = UnixStreamListener.bind(address)) {
            UnixAddress bound = listener.localAddress();
            if (kind.equals("autobound")) {
                assertThat(bound.isAbstract()).isTrue();
            } else {
                assertThat(bound).isEqualTo(UnixAddress.of(address));
            }
            try (UnixStream client = UnixStream.connect(kind.equals("autobound") ? bound : address);
                    UnixStream server = listener.accept()) {
                assertThat(client.remoteAddress()).hasValue(bound);
                assertThat(client.localAddress().isUnnamed()).isTrue();
                assertThat(server.localAddress()).isEqualTo(bound);
                assertThat(server.remoteAddress()).hasValue(UnixAddress.unnamed());
                client.send(ByteBuffer.allocate(1), files.get(0));
                try (Received received = server.receive(1, 1)) {
                    assertThat(received.fdCount()).isEqualTo(1);
                }
                assertThat(OpenFiles.flags(server.asFd().number()) & OpenFiles.CLOSE_ON_EXEC)
                        .isNotZero();
                assertThat(client)
                        .hasToString("UnixStream[fd " + client.asFd().number() + ", (unnamed) -> " + bound + "]");
                assertThat(listener)
                        .hasToString("UnixStreamListener[fd " + listener.asFd().number() + ", " + bound + "]");
            }
        }
    }

    @Test
    void seqpacketConnections() throws IOException {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                UnixSeqpacket server = listener.accept()) {
            client.send(ByteBuffer.allocate(1));
            client.send(ByteBuffer.allocate(2));
            assertThat(server.nextPacketSize()).isEqualTo(1);
        }
    }

    @Test
    void tryAcceptTakesWhatIsThere() throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            assertThat(listener.tryAccept()).isEmpty();
            try (UnixStream client = UnixStream.connect(listener.localAddress())) {
                Optional<UnixStream> accepted = listener.tryAccept();
                assertThat(accepted).isPresent();
                accepted.orElseThrow().close();
                assertThat(client.isOpen()).isTrue();
            }
            assertThat(listener.tryAccept()).isEmpty();
        }
    }

    @Test
    void severalThreadsAcceptOneConnectionEach() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                Background<UnixStream> first = Background.blocked(listener::accept);
                Background<UnixStream> second = Background.blocked(listener::accept);
                UnixStream one = UnixStream.connect(listener.localAddress());
                UnixStream two = UnixStream.connect(listener.localAddress());
                UnixStream oneAccepted = first.get();
                UnixStream twoAccepted = second.get()) {
            assertThat(Stream.of(one, two, oneAccepted, twoAccepted)).allMatch(UnixStream::isOpen);
            assertThat(oneAccepted.asFd().number())
                    .isNotEqualTo(twoAccepted.asFd().number());
        }
    }

    @Test
    @DisplayName("L07: the socket's file goes with the listener")
    void theFileIsRemoved() throws IOException {
        Path path = directory.resolve("socket");
        for (int i = 0; i < 2; i++) {
            try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.of(path))) {
                assertThat(listener.isOpen()).isTrue();
                assertThat(path).exists();
            }
            assertThat(path).doesNotExist();
        }
    }

    @Test
    @DisplayName("L07: but not if another file stands there by then")
    void anothersFileStays() throws IOException {
        Path path = directory.resolve("socket");
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.of(path));
        // Keeps the inode number from being given to the next file.
        Files.move(path, directory.resolve("moved"));
        try (UnixStreamListener successor = UnixStreamListener.bind(UnixAddress.of(path))) {
            listener.close();
            assertThat(path).exists();
            try (UnixStream client = UnixStream.connect(UnixAddress.of(path));
                    UnixStream server = successor.accept()) {
                assertThat(client.isOpen()).isTrue();
                assertThat(server.isOpen()).isTrue();
            }
        }
        assertThat(path).doesNotExist();
    }

    @Test
    @DisplayName("L07: nor does an adopted listener remove it, nor one that was detached")
    void anAdoptedListenerLeavesTheFile() throws IOException {
        Path path = directory.resolve("socket");
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.of(path));
        int number = listener.asFd().detach();
        assertThat(path).exists();
        UnixStreamListener.adopt(OwnedFd.adopt(number)).close();
        assertThat(path).exists();
    }

    @Test
    void anAddressThatIsTaken() throws IOException {
        Path path = Files.createFile(directory.resolve("file"));
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> UnixStreamListener.bind(UnixAddress.of(path)))
                .withMessageContaining("bind " + path)
                .withMessageContaining("EADDRINUSE")
                .withCauseInstanceOf(ErrnoException.class);
        assertThat(path).as("what stood in the way").exists();
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> UnixDatagram.bind(UnixDomainSocketAddress.of(path)));
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> UnixSeqpacketListener.bind(listener.localAddress()));
        }
    }

    @Test
    void aDirectoryThatIsMissing() throws IOException {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> UnixStreamListener.bind(UnixAddress.of(directory.resolve("missing/socket"))))
                .withCauseInstanceOf(ErrnoException.class);
        Path file = Files.createFile(directory.resolve("file"));
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> UnixStreamListener.bind(UnixAddress.of(file.resolve("socket"))));
    }

    @Test
    void nobodyListens() throws IOException {
        Path stale = directory.resolve("stale");
        UnixStreamListener gone = UnixStreamListener.bind(UnixAddress.of(stale));
        Path kept = Files.createLink(directory.resolve("kept"), stale);
        gone.close();
        for (UnixAddress address : new UnixAddress[] {
            UnixAddress.of(directory.resolve("missing")), UnixAddress.of(kept), UnixAddress.of("@fdpass-nobody")
        }) {
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> UnixStream.connect(address))
                    .withMessageContaining("connect " + address)
                    .withCauseInstanceOf(ErrnoException.class);
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> UnixSeqpacket.connect(address));
        }
    }

    @Test
    void aListenerOfAnotherType() throws IOException {
        UnixAddress address = UnixAddress.of(directory.resolve("socket"));
        try (UnixStreamListener listener = UnixStreamListener.bind(address)) {
            assertThat(listener.isOpen()).isTrue();
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> UnixSeqpacket.connect(address))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EPROTOTYPE"));
        }
    }

    @Test
    void otherAddressesAndNumbers() {
        assertThatExceptionOfType(UnsupportedAddressTypeException.class)
                .isThrownBy(() -> UnixStream.connect(new InetSocketAddress(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixStreamListener.bind(UnixAddress.unnamed(), 0))
                .withMessageContaining("1 or more");
    }

    @Test
    void connectionsThatNobodyAcceptedGoWithTheListener() throws IOException {
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
        try (Memfds files = new Memfds(1);
                UnixStream client = UnixStream.connect(listener.localAddress())) {
            client.send(ByteBuffer.allocate(1), files.get(0));
            listener.close();
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> client.send(ByteBuffer.allocate(1)))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EPIPE"));
        }
    }

    @Test
    @SuppressWarnings("try") // the early close is what is tested
    @DisplayName("L01: close wakes both of two views of one listener, even after one lost the race for a connection")
    void twoViewsOfOneListener() throws Exception {
        for (int i = 0; i < 3; i++) {
            // In one round the time of the other is over, long after both have been seen waiting.
            boolean closes = i > 0;
            Duration timeout = Duration.ofSeconds(closes ? 600 : 8);
            try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
                UnixStreamListener view = UnixStreamListener.adopt(listener.asFd());
                try (Background<UnixStream> one = Background.blocked(() -> listener.accept(timeout));
                        Background<UnixStream> other = Background.blocked(() -> view.accept(timeout));
                        UnixStream connection = UnixStream.connect(listener.localAddress())) {
                    assertThat(connection.isOpen()).isTrue();
                    Waiting.until("an accept", () -> one.isDone() || other.isDone());
                    if (closes) {
                        (one.isDone() ? other : one).awaitBlocked();
                        listener.close();
                    }
                    int accepted = 0;
                    for (Background<UnixStream> each : List.of(one, other)) {
                        try (UnixStream stream = each.get()) {
                            accepted += stream.isOpen() ? 1 : 0;
                        } catch (ExecutionException e) {
                            assertThat(e)
                                    .hasCauseInstanceOf(
                                            closes ? AsynchronousCloseException.class : SocketTimeoutException.class);
                        }
                    }
                    assertThat(accepted).isEqualTo(1);
                }
            }
        }
    }
}
