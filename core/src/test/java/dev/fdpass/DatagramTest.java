package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pathname", "abstract", "autobound", "unnamed"})
    void theSenderIsKnownByItsAddress(String kind) throws IOException {
        UnixAddress receiverAddress = UnixAddress.of(directory.resolve("receiver"));
        try (Memfds files = new Memfds(1);
                UnixDatagram receiver = UnixDatagram.bind(receiverAddress);
                UnixDatagram sender = switch (kind) {
                    case "pathname" -> UnixDatagram.bind(UnixDomainSocketAddress.of(directory.resolve("sender")));
                    case "abstract" -> UnixDatagram.bind(UnixAddress.ofAbstract(nameOfThisProcess()));
                    case "autobound" -> UnixDatagram.bind(UnixAddress.unnamed());
                    default -> UnixDatagram.open();
                };
                ScmMessage message = ScmMessage.allocate(10, 1)) {
            UnixAddress expected = sender.localAddress();
            assertThat(expected.isUnnamed()).isEqualTo(kind.equals("unnamed"));
            assertThat(sender.remoteAddress()).isEmpty();

            assertThat(sender.sendTo(receiverAddress, ByteBuffer.wrap("one".getBytes(UTF_8)), files.get(0)))
                    .isEqualTo(3);
            try (Received received = receiver.receive(10, 1)) {
                assertThat(received.sender()).isEqualTo(expected);
                assertThat(received.fdCount()).isEqualTo(1);
            }

            message.payload().put("two".getBytes(UTF_8));
            message.to(UnixDomainSocketAddress.of(directory.resolve("receiver")))
                    .addFd(files.get(0));
            sender.send(message);
            message.clear();
            assertThat(receiver.receive(message)).isTrue();
            assertThat(message.sender()).isEqualTo(expected);
            assertThat(message.fdCount()).isEqualTo(1);

            if (!expected.isUnnamed()) {
                message.clear();
                message.payload().put("answer".getBytes(UTF_8));
                message.to(expected);
                receiver.send(message);
                try (Received received = sender.receive(10, 0)) {
                    assertThat(UTF_8.decode(received.data()).toString()).isEqualTo("answer");
                    assertThat(received.sender()).isEqualTo(receiverAddress);
                }
            }
        }
    }

    /** With a zero and a byte that is no character; abstract names are the machine's, and others may run these tests, too. */
    private static byte[] nameOfThisProcess() {
        return ByteBuffer.allocate(11)
                .put(new byte[] {'a', 0, (byte) 200})
                .putLong(ProcessHandle.current().pid())
                .array();
    }

    @Test
    void addressesOfTheGreatestLengthComeBackWhole() throws IOException {
        // Abstract names are the machine's: others may run these tests, too.
        String name = (ProcessHandle.current().pid() + "n".repeat(107)).substring(0, 107);
        try (UnixDatagram receiver = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram sender = UnixDatagram.bind(UnixAddress.of("@" + name))) {
            sender.sendTo(receiver.localAddress(), ByteBuffer.allocate(1));
            try (Received received = receiver.receive(1, 0)) {
                assertThat(received.sender()).hasToString("@" + name);
            }
        }
        int missing = 108 - directory.toString().length() - 1;
        org.junit.jupiter.api.Assumptions.assumeTrue(missing > 0, "the temporary directory has too long a name");
        Path path = directory.resolve("p".repeat(missing));
        assertThat(path.toString()).hasSize(108);
        try (UnixDatagram receiver = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram sender = UnixDatagram.bind(UnixAddress.of(path))) {
            assertThat(sender.localAddress().path()).hasValue(path);
            sender.sendTo(receiver.localAddress(), ByteBuffer.allocate(1));
            try (Received received = receiver.receive(1, 0)) {
                assertThat(received.sender().path()).hasValue(path);
            }
            receiver.sendTo(UnixAddress.of(path), ByteBuffer.allocate(1));
            sender.receive(1, 0).close();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aConnectedOneSendsToOneAndHearsOnlyIt() throws IOException {
        try (UnixDatagram server = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram stranger = UnixDatagram.open();
                UnixDatagram client = UnixDatagram.bind(UnixAddress.unnamed()).connect(server.localAddress())) {
            assertThat(client.remoteAddress()).hasValue(server.localAddress());
            client.send(ByteBuffer.allocate(3));
            try (Received received = server.receive(10, 0)) {
                assertThat(received.bytes()).isEqualTo(3);
                assertThat(received.sender()).isEqualTo(client.localAddress());
            }
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> stranger.sendTo(client.localAddress(), ByteBuffer.allocate(1)))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EPERM"))
                    .withMessageContaining("the receiver is connected to another socket");
            server.sendTo(client.localAddress(), ByteBuffer.allocate(4));
            try (Received received = client.receive(10, 0)) {
                assertThat(received.bytes()).isEqualTo(4);
            }
        }
    }

    @Test
    void sendingWithoutADestination() throws IOException {
        try (UnixDatagram socket = UnixDatagram.open()) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> socket.send(ByteBuffer.allocate(1)))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("ENOTCONN"));
        }
    }

    @Test
    void nobodyThere() throws IOException {
        Path stale = directory.resolve("stale");
        UnixDatagram gone = UnixDatagram.bind(UnixAddress.of(stale));
        Path kept = directory.resolve("kept");
        Files.createLink(kept, stale);
        gone.close();
        try (Memfds files = new Memfds(1);
                UnixDatagram socket = UnixDatagram.open()) {
            for (UnixAddress address : new UnixAddress[] {
                UnixAddress.of(directory.resolve("missing")), UnixAddress.of(kept), UnixAddress.of("@fdpass-nobody")
            }) {
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> socket.sendTo(address, ByteBuffer.allocate(1), files.get(0)))
                        .withMessageContaining(address.toString())
                        .withCauseInstanceOf(ErrnoException.class);
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> socket.connect(address))
                        .withMessageContaining("connect " + address);
            }
        }
    }

    @Test
    @DisplayName("S12: a full queue is a timeout, or a send that would block, and the descriptors stay the sender's")
    void theReceiversQueueIsFull() throws Exception {
        try (Memfds files = new Memfds(1);
                UnixDatagram receiver = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram sender = UnixDatagram.open();
                ScmMessage message = ScmMessage.allocate(1, 1)) {
            UnixAddress to = receiver.localAddress();
            message.payload().put((byte) 1);
            message.addFd(files.get(0)).to(to);
            int queued = 0;
            while (sender.trySend(message)) {
                queued++;
            }
            assertThat(queued).isPositive();
            int before = OpenFiles.count();
            Duration timeout = Duration.ofMillis(40);
            sender.setSendTimeout(timeout);
            long begin = System.nanoTime();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> sender.sendTo(to, ByteBuffer.allocate(1), files.get(0)));
            assertThat(System.nanoTime() - begin)
                    .isBetween(timeout.toNanos(), timeout.plusSeconds(60).toNanos());
            // An unconnected socket polls writable all the while; that must not become a busy loop.
            sender.setSendTimeout(Duration.ZERO);
            try (Background<Integer> sending =
                    Background.run(() -> sender.sendTo(to, ByteBuffer.allocate(7), files.get(0)))) {
                Thread.sleep(50);
                assertThat(sending.isDone()).isFalse();
                receiver.receive(10, 1).close();
                assertThat(sending.get()).isEqualTo(7);
            }
            for (int i = 1; i < queued; i++) {
                receiver.receive(10, 1).close();
            }
            try (Received last = receiver.receive(10, 1)) {
                assertThat(last.bytes()).isEqualTo(7);
                assertThat(last.fdCount()).isEqualTo(1);
            }
            assertThat(receiver.tryReceive(10, 1)).isEmpty();
            // Waiting made one wake-up descriptor for the sender.
            assertThat(OpenFiles.count()).isLessThanOrEqualTo(before + 1);
        }
    }

    @Test
    void waitingForAFullQueueCostsNoProcessor() throws Exception {
        try (UnixDatagram receiver = UnixDatagram.bind(UnixAddress.unnamed());
                UnixDatagram sender = UnixDatagram.open();
                ScmMessage message = ScmMessage.allocate(1, 0)) {
            message.payload().put((byte) 1);
            message.to(receiver.localAddress());
            while (sender.trySend(message)) {
                // until the queue is full
            }
            sender.setSendTimeout(Duration.ofMillis(500));
            long begin = cpuNanos();
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> sender.send(message));
            assertThat(cpuNanos() - begin).as("processor time in half a second").isLessThan(250_000_000);
        }
    }

    private static long cpuNanos() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void emptyPackets() throws IOException {
        try (SocketPair<UnixDatagram> pair = UnixDatagram.pair();
                ScmMessage message = ScmMessage.allocate(1, 0)) {
            pair.first().send(ByteBuffer.allocate(0));
            pair.first().send(ByteBuffer.allocate(0));
            assertThat(pair.second().nextPacketSize()).isZero();
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.bytes()).isZero();
            assertThat(message.isEndOfStream()).isFalse();
            try (Received received = pair.second().receive(1, 0)) {
                assertThat(received.bytes()).isZero();
                assertThat(received.isEndOfStream()).isFalse();
            }
            assertThat(pair.second().tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
        }
    }

    @Test
    void theFileIsRemovedOnCloseIfItIsStillTheSame() throws IOException {
        Path path = directory.resolve("socket");
        UnixDatagram socket = UnixDatagram.bind(UnixAddress.of(path));
        assertThat(path).exists();
        socket.close();
        assertThat(path).doesNotExist();
    }
}
