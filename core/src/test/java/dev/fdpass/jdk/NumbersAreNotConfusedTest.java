package dev.fdpass.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Workers;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Among many descriptors, and while other threads open and close them, it is always the right one. */
class NumbersAreNotConfusedTest {
    private static final int CHANNELS = 50;
    private static final List<StreamKind> KINDS = List.of(StreamKind.values());
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final AtomicInteger conversions = new AtomicInteger();

    @TempDir
    private Path directory;

    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    @Test
    void eachOfFiftyIsFoundExactly() throws Exception {
        List<SocketChannel> unix = new ArrayList<>();
        List<DatagramChannel> udp = new ArrayList<>();
        List<FileChannel> files = new ArrayList<>();
        Path file = Files.writeString(directory.resolve("file"), "x".repeat(CHANNELS));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(null);
            for (int i = 0; i < CHANNELS; i++) {
                unix.add(SocketChannel.open(server.getLocalAddress()));
                udp.add(DatagramChannel.open().bind(LOOPBACK));
                files.add(FileChannel.open(file).position(i));
            }
            for (int i = 0; i < CHANNELS; i++) {
                try (OwnedFd ofUnix = JdkSockets.duplicateOf(unix.get(i));
                        OwnedFd ofUdp = JdkSockets.duplicateOf(udp.get(i));
                        OwnedFd ofFile = JdkFiles.duplicateOf(files.get(i));
                        SocketChannel accepted = server.accept();
                        UnixStream same = UnixStream.adopt(ofUnix.duplicate())) {
                    same.send(Proofs.bytes("number " + i)); // to the one that was accepted in its turn
                    ByteBuffer buffer = ByteBuffer.allocate(20);
                    accepted.read(buffer);
                    assertThat(Proofs.text(buffer)).isEqualTo("number " + i);
                    assertThat(JdkSockets.localAddress(ofUdp))
                            .hasValue(udp.get(i).getLocalAddress());
                    assertThat(ofFile.position()).isEqualTo(i);
                    files.get(i).position(0);
                    assertThat(ofFile.position()).isZero();
                    files.get(i).position(CHANNELS + i);
                }
            }
            Files.delete(((java.net.UnixDomainSocketAddress) server.getLocalAddress()).getPath());
        } finally {
            for (List<? extends AutoCloseable> all : List.of(unix, udp, files)) {
                for (AutoCloseable each : all) {
                    each.close();
                }
            }
        }
    }

    @Test
    void norWhileOthersOpenAndClose() throws Exception {
        Workers workers = new Workers();
        workers.start("files to", this::fileChannelOfDescriptor);
        workers.start("files from", this::descriptorOfFileChannel);
        workers.start("connections to and from", this::connection);
        workers.start("listeners to and from", this::listener);
        workers.start("datagrams to and from", this::datagrams);
        workers.start("opens and closes files", random -> openAndCloseFile());
        workers.start("opens and closes channels", random -> openAndCloseChannel());
        workers.runFor(Duration.ofSeconds(4), () -> conversions.get() > 100, () -> conversions + " conversions");
        assertThat(conversions).hasValueGreaterThan(100);
    }

    private Path newFile(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "f", ".txt"), content);
    }

    private void fileChannelOfDescriptor(Random random) throws Exception {
        String content = "content " + random.nextInt(1_000_000);
        Path file = newFile(content);
        ByteBuffer buffer = ByteBuffer.allocate(40);
        try (FileChannel channel = JdkFiles.toFileChannel(OwnedFd.open(file))) {
            channel.read(buffer);
        }
        assertThat(Proofs.text(buffer)).isEqualTo(content);
        try (FileInputStream stream = JdkFiles.toFileInputStream(OwnedFd.open(file))) {
            assertThat(stream.readAllBytes()).asString(US_ASCII).isEqualTo(content);
        }
        Files.delete(file);
        conversions.addAndGet(2);
    }

    private void descriptorOfFileChannel(Random random) throws Exception {
        Path file = newFile("0123456789");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                OwnedFd duplicate = JdkFiles.duplicateOf(channel)) {
            int position = random.nextInt(1000);
            channel.position(position);
            assertThat(duplicate.position()).isEqualTo(position);
            assertThat(duplicate.info().name()).isEqualTo(file.toString());
        }
        Files.delete(file);
        conversions.incrementAndGet();
    }

    private void connection(Random random) throws Exception {
        StreamKind kind = KINDS.get(random.nextInt(KINDS.size()));
        String token = "token " + random.nextInt(1_000_000);
        try (var connection = kind.connection();
                SocketChannel channel = JdkSockets.toSocketChannel(connection.fd())) {
            connection.peer().write(Proofs.bytes(token));
            ByteBuffer buffer = ByteBuffer.allocate(40);
            channel.read(buffer);
            assertThat(Proofs.text(buffer)).isEqualTo(token);
        }
        conversions.addAndGet(2);
    }

    private void listener(Random random) throws Exception {
        StreamKind kind = KINDS.get(random.nextInt(KINDS.size()));
        try (var listener = kind.listener();
                ServerSocketChannel channel = JdkSockets.toServerSocketChannel(listener.fd());
                SocketChannel client = kind.connect(listener.address());
                SocketChannel accepted = channel.accept()) {
            assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
        conversions.addAndGet(2);
    }

    private void datagrams(Random unused) throws Exception {
        try (DatagramChannel channel = DatagramChannel.open().bind(LOOPBACK);
                DatagramChannel same = JdkSockets.toDatagramChannel(JdkSockets.duplicateOf(channel))) {
            assertThat(same.getLocalAddress()).isEqualTo(channel.getLocalAddress());
            same.send(Proofs.bytes("hello"), channel.getLocalAddress());
            assertThat(channel.receive(ByteBuffer.allocate(10))).isEqualTo(channel.getLocalAddress());
        }
        conversions.addAndGet(2);
    }

    private static void openAndCloseFile() throws IOException {
        try (FileChannel first = FileChannel.open(Path.of("/dev/null"));
                FileInputStream second = new FileInputStream("/proc/self/status")) {
            assertThat(second.read()).isPositive();
            assertThat(first.isOpen()).isTrue();
        }
    }

    private static void openAndCloseChannel() throws IOException {
        try (NetworkChannel first = SocketChannel.open();
                NetworkChannel second = SocketChannel.open(StandardProtocolFamily.UNIX);
                NetworkChannel third = DatagramChannel.open().bind(LOOPBACK)) {
            assertThat(List.of(first, second, third)).allMatch(NetworkChannel::isOpen);
        }
    }
}
