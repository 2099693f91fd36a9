package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.Background;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an object of the JDK took, it alone has; and the listener goes on listening where it did. */
class OneOwnerAfterConversionsTest {
    private static final int ROUNDS = 60;

    @TempDir
    private Path directory;

    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    @Test
    void aListenerThatWasBoundHereKeepsItsFile() throws Exception {
        Path path = directory.resolve("listener");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (UnixStreamListener bound = UnixStreamListener.bind(address);
                ServerSocketChannel channel = JdkSockets.toServerSocketChannel(bound.asFd())) {
            assertThat(bound.isOpen()).as("the descriptor was taken").isFalse();
            assertThat(path).exists();
            try (SocketChannel client = SocketChannel.open(address);
                    SocketChannel accepted = channel.accept()) {
                client.write(Proofs.bytes("hello"));
                assertThat(accepted.read(Proofs.bytes("01234"))).isEqualTo(5);
            }
        }
        assertThat(path).as("as of any listener of the JDK").exists();
        Files.delete(path);
    }

    @Test
    void ofTwoThreadsOneGetsTheListener() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            try (var listener = StreamKind.TCP_OF_IPV4.listener()) {
                oneIsMade(listener.fd(), () -> JdkSockets.toServerSocketChannel(listener.fd()));
            }
        }
    }

    @Test
    void ofTwoThreadsOneGetsTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        for (int round = 1; round <= ROUNDS; round++) {
            try (OwnedFd fd = OwnedFd.open(file)) {
                oneIsMade(fd, () -> JdkFiles.toFileInputStream(fd));
            }
        }
    }

    private static void oneIsMade(OwnedFd fd, Callable<? extends AutoCloseable> making) throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<AutoCloseable> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<AutoCloseable>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                all.add(threads.submit(() -> {
                    together.await();
                    return making.call();
                }));
            }
            for (Future<AutoCloseable> each : all) {
                try {
                    made.add(each.get());
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(ClosedChannelException.class);
                }
            }
        } finally {
            for (AutoCloseable each : made) {
                each.close();
            }
        }
        assertThat(made).as("objects that own " + fd).hasSize(1);
        assertThat(fd.isOpen()).isFalse();
    }

    @Test
    @SuppressWarnings("try") // closing is what it is about
    void whatAnotherThreadWaitsForIsNotTaken() throws Exception {
        try (UnixStreamListener bound =
                UnixStreamListener.bind(UnixDomainSocketAddress.of(directory.resolve("busy")))) {
            Background<?> accepts = Background.blocked(bound::accept);
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdkSockets.toServerSocketChannel(bound.asFd()))
                    .withMessageContaining("in use by another thread");
            assertThat(bound.isOpen()).as("still its owner's").isTrue();
            bound.close();
            assertThat(accepts.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }
}
