package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.Sockets;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.PythonPair;
import dev.fdpass.testing.SocketType;
import dev.fdpass.waiting.Waiting;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no such object is refused, with what it is, and stays its owner's. */
class RefusedConversionsTest {
    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    /** Makes an object of the JDK. */
    private interface Conversion {
        AutoCloseable of(OwnedFd fd) throws IOException;
    }

    private static final Map<String, Conversion> CONVERSIONS = Map.of(
            "SocketChannel", JdkSockets::toSocketChannel,
            "ServerSocketChannel", JdkSockets::toServerSocketChannel,
            "DatagramChannel", JdkSockets::toDatagramChannel,
            "FileChannel", JdkFiles::toFileChannel,
            "FileInputStream", JdkFiles::toFileInputStream,
            "FileOutputStream", JdkFiles::toFileOutputStream);

    private static final List<String> OF_FILES = List.of("FileChannel", "FileInputStream", "FileOutputStream");

    /** Descriptors, and what may be made of them. */
    private static Map<String, Map.Entry<Callable<OwnedFd>, List<String>>> descriptors() {
        Map<String, Map.Entry<Callable<OwnedFd>, List<String>>> all = new LinkedHashMap<>();
        all.put("a datagram socket of Unix", Map.entry(() -> half(UnixDatagram.pair()), List.of()));
        all.put("a seqpacket socket", Map.entry(() -> half(UnixSeqpacket.pair()), List.of()));
        all.put("a connected Unix stream", Map.entry(() -> half(UnixStream.pair()), List.of("SocketChannel")));
        all.put(
                "a TCP socket that is not connected",
                // Of the right kind: see aConnectionWithoutAPeerIsRefused.
                Map.entry(() -> internet(SocketConstants.SOCK_STREAM), List.of("SocketChannel")));
        all.put("a UDP socket", Map.entry(() -> internet(SocketConstants.SOCK_DGRAM), List.of("DatagramChannel")));
        all.put("a listener", Map.entry(RefusedConversionsTest::listener, List.of("ServerSocketChannel")));
        all.put("an epoll instance", Map.entry(() -> OwnedFd.adopt(LibcCalls.epoll()), List.of()));
        all.put(
                "a device",
                Map.entry(
                        () -> OwnedFd.open(Path.of("/dev/null"), StandardOpenOption.READ, StandardOpenOption.WRITE),
                        OF_FILES));
        all.put(
                "a file to read",
                Map.entry(() -> OwnedFd.open(Path.of("/etc/hosts")), List.of("FileChannel", "FileInputStream")));
        all.put(
                "a file to write",
                Map.entry(
                        () -> OwnedFd.open(Path.of("/dev/null"), StandardOpenOption.WRITE),
                        List.of("FileChannel", "FileOutputStream")));
        all.put("a pipe that is non-blocking", Map.entry(RefusedConversionsTest::nonBlockingPipe, List.of()));
        return all;
    }

    private static OwnedFd half(dev.fdpass.SocketPair<? extends dev.fdpass.AsFd> pair) throws IOException {
        try (pair) {
            return pair.first().asFd().duplicate();
        }
    }

    private static OwnedFd internet(int type) throws IOException {
        return Kernel.own(KernelErrors.check("socket", Sockets.socket(SocketConstants.AF_INET, type, 0)));
    }

    private static OwnedFd listener() throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return JdkSockets.duplicateOf(channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
    }

    private static OwnedFd nonBlockingPipe() {
        int[] ends = LibcCalls.nonBlockingPipe();
        LibcCalls.close(ends[1]);
        return OwnedFd.adopt(ends[0]);
    }

    static List<Arguments> combinations() {
        List<Arguments> all = new ArrayList<>();
        descriptors()
                .forEach((what, entry) -> CONVERSIONS.forEach((type, conversion) -> {
                    if (!entry.getValue().contains(type)) {
                        all.add(Arguments.of(type, what, entry.getKey(), conversion));
                    }
                }));
        return all;
    }

    @ParameterizedTest(name = "a {0} of {1}")
    @MethodSource("combinations")
    void isRefused(String type, String what, Callable<OwnedFd> opening, Conversion conversion) throws Exception {
        try (OwnedFd fd = opening.call()) {
            long flags = Descriptors.getStatusFlags(fd.number());
            assertThatIllegalArgumentException()
                    .as(type + " of " + what)
                    .isThrownBy(() -> conversion.of(fd))
                    .withMessageContaining("fd " + fd.number());
            assertThat(fd.isOpen()).as("is still its owner's").isTrue();
            assertThat(Descriptors.getStatusFlags(fd.number())).isEqualTo(flags);
        }
    }

    @Test
    void whatIsClosedIsRefused(@TempDir Path directory) throws Exception {
        OwnedFd closed = OwnedFd.open(Path.of("/dev/null"));
        closed.close();
        CONVERSIONS.forEach((type, conversion) -> assertThatExceptionOfType(ClosedChannelException.class)
                .as(type)
                .isThrownBy(() -> conversion.of(closed)));

        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        FileChannel channel = FileChannel.open(file);
        FileInputStream input = new FileInputStream(file.toFile());
        FileOutputStream output = new FileOutputStream(file.toFile());
        DatagramChannel datagrams = DatagramChannel.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        SocketChannel connection = SocketChannel.open();
        for (AutoCloseable each : List.of(channel, input, output, datagrams, listener, connection)) {
            each.close();
        }
        for (Callable<OwnedFd> each : List.<Callable<OwnedFd>>of(
                () -> JdkFiles.duplicateOf(channel),
                () -> JdkFiles.duplicateOf(input),
                () -> JdkFiles.duplicateOf(output),
                () -> JdkSockets.duplicateOf(datagrams),
                () -> JdkSockets.duplicateOf(listener),
                () -> JdkSockets.duplicateOf(connection))) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(each::call);
        }
    }

    /** The caller cannot know: the peer may reset a connection at any time. */
    @Test
    @SuppressWarnings("try") // closing is what it is about
    void aConnectionWithoutAPeerIsRefused() throws Exception {
        try (OwnedFd never = internet(SocketConstants.SOCK_STREAM);
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel peer = SocketChannel.open(server.getLocalAddress());
                    SocketChannel accepted = server.accept();
                    OwnedFd reset = JdkSockets.duplicateOf(accepted)) {
                peer.setOption(StandardSocketOptions.SO_LINGER, 0);
                peer.close();
                Waiting.until("the reset", () -> JdkSockets.remoteAddress(reset).isEmpty());
                for (OwnedFd fd : List.of(never, reset)) {
                    assertThatExceptionOfType(SocketException.class)
                            .isThrownBy(() -> JdkSockets.toSocketChannel(fd))
                            .withMessageContaining("fd " + fd.number())
                            .withMessageContaining("not connected");
                    assertThat(fd.isOpen()).as("is still its owner's").isTrue();
                }
            }
        }
    }

    /** Such a file cannot be read into just any memory, and that is what the JDK would do. */
    @Test
    void aFileWithoutThePageCacheIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (PythonPair python = PythonPair.start(SocketType.SEQPACKET, """
                socket.send_fds(theirs, [b"direct"], [os.open(sys.argv[3], os.O_RDWR | os.O_DIRECT)])
                """, file);
                Received received = python.socket().receive(100, 1);
                OwnedFd fd = received.takeFd(0)) {
            for (String type : OF_FILES) {
                assertThatIllegalArgumentException()
                        .as(type)
                        .isThrownBy(() -> CONVERSIONS.get(type).of(fd))
                        .withMessageContaining("O_DIRECT");
            }
            assertThat(fd.isOpen()).as("is still its owner's").isTrue();
        }
    }

    /** To open it waits for a writer, and {@code ProcessBuilder.start} would not return before. */
    @Test
    void aFifoWithANameIsNotOpenedAnew(@TempDir Path directory) throws Exception {
        Path fifo = directory.resolve("fifo");
        LibcCalls.shell("mkfifo " + fifo);
        try (OwnedFd fd = OwnedFd.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (Callable<JdkRedirect> reopening :
                    List.<Callable<JdkRedirect>>of(() -> JdkRedirect.reopenFrom(fd), () -> JdkRedirect.reopenTo(fd))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> reopening.call().close())
                        .withMessageContaining("FIFO");
            }
        }
    }

    @Test
    void whatHasNoPeerOrAddressYetIsRefused() throws Exception {
        try (SocketChannel connection = SocketChannel.open();
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            assertThatExceptionOfType(NotYetConnectedException.class)
                    .isThrownBy(() -> JdkSockets.duplicateOf(connection));
            assertThatExceptionOfType(NotYetBoundException.class).isThrownBy(() -> JdkSockets.duplicateOf(listener));
        }
    }
}
