package dev.fdpass.faults;

import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.JdkFiles;
import dev.fdpass.jdk.JdkSockets;
import dev.fdpass.linux.OlderKernel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Objects of the JDK from descriptors: what fails leaves the descriptor to its owner. */
final class JdkScenarios {
    private static final Path PATH = Path.of("for-the-jdk");

    /** What is made of a descriptor. */
    private interface Making {
        AutoCloseable of(OwnedFd fd) throws IOException;
    }

    private JdkScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("file channel of a descriptor", stage -> {
            Files.writeString(PATH, "0123456789");
            stage.atTheEnd(() -> Files.deleteIfExists(PATH));
            make(stage, () -> OwnedFd.open(PATH, READ), JdkFiles::toFileChannel);
        });
        all.put(
                "listener channel of a descriptor",
                stage -> make(stage, JdkScenarios::listener, JdkSockets::toServerSocketChannel));
        all.put(
                "socket channel of a descriptor",
                stage -> make(stage, JdkScenarios::connection, JdkSockets::toSocketChannel));
        all.put("compare open files as older kernels do", JdkScenarios::compare);
    }

    private static void make(Stage stage, Callable<OwnedFd> opening, Making making) {
        Supplier<OwnedFd> fd = stage.fresh(opening);
        stage.operation(() -> making.of(fd.get()));
        stage.after(failed -> {
            assertThat(fd.get().isOpen()).as("still the caller's").isEqualTo(failed);
            if (failed) {
                making.of(fd.get()).close();
            }
            return "";
        });
    }

    private static OwnedFd listener() throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return JdkSockets.duplicateOf(channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
    }

    private static OwnedFd connection() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(null);
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                Files.delete(((java.net.UnixDomainSocketAddress) server.getLocalAddress()).getPath());
                return JdkSockets.duplicateOf(client);
            }
        }
    }

    private static void compare(Stage stage) throws Exception {
        OwnedFd fd = stage.keep(OwnedFd.open(Path.of("/dev/null")));
        OwnedFd same = stage.keep(fd.duplicate());
        stage.operation(() -> {
            long order = OlderKernel.kcmp(fd.number(), same.number());
            if (order < 0) {
                throw new ErrnoException("kcmp", (int) -order);
            }
            return order == 0;
        });
    }
}
