package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Python;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of a socket in the way of its successor. */
class StaleSocketFileTest {
    private static final String LEAVES_ITS_FILE = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, getattr(socket, sys.argv[2]))
            s.bind(sys.argv[1])
            os.kill(os.getpid(), 9)
            """;

    @TempDir
    private Path directory;

    private Path path;
    private UnixAddress address;

    @BeforeEach
    void choosePath() {
        path = directory.resolve("socket");
        address = UnixAddress.of(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET"})
    @DisplayName("L07: what a killed process left is removed on request, and only then")
    void isRemovedOnRequest(String type) throws Exception {
        Python.run(LEAVES_ITS_FILE, path, type);
        assertThat(path).exists();
        assertThatThrownBy(() -> UnixStreamListener.bind(address)).isInstanceOf(BindException.class);
        assertThat(path).exists();
        assertThat(address.removeStaleFile()).isTrue();
        assertThat(path).doesNotExist();
        assertThat(address.removeStaleFile()).isFalse();
        UnixStreamListener.bind(address).close();
    }

    @Test
    @DisplayName("L07: a socket that lives keeps its file, whatever its type, also before it listens")
    void aLiveOneIsLeftAlone() throws Exception {
        List<Callable<AsFd>> lives = List.of(
                () -> UnixStreamListener.bind(address),
                () -> UnixSeqpacketListener.bind(address),
                () -> UnixDatagram.bind(address),
                this::boundStreamThatDoesNotListen);
        for (Callable<AsFd> life : lives) {
            try (OwnedFd socket = life.call().asFd()) {
                assertThat(socket.isOpen()).isTrue();
                assertThat(address.removeStaleFile()).isFalse();
                assertThat(path).exists();
            }
            Files.deleteIfExists(path);
        }
    }

    private OwnedFd boundStreamThatDoesNotListen() throws IOException {
        OwnedFd fd = SocketSetup.open(dev.fdpass.linux.SocketConstants.SOCK_STREAM);
        SocketSetup.bind(fd, address);
        return fd;
    }

    @Test
    @DisplayName("L07: what is no socket is left alone")
    void otherFilesAreLeftAlone() throws Exception {
        Files.writeString(path, "precious");
        assertThat(address.removeStaleFile()).isFalse();
        assertThat(path).hasContent("precious");
        Files.delete(path);
        Path target = directory.resolve("target");
        Python.run(LEAVES_ITS_FILE, target, "SOCK_STREAM");
        Files.createSymbolicLink(path, target);
        assertThat(address.removeStaleFile()).isFalse();
        assertThat(target).exists();
        assertThat(UnixAddress.ofAbstract(new byte[] {1}).removeStaleFile()).isFalse();
        assertThat(UnixAddress.unnamed().removeStaleFile()).isFalse();
    }

    @Test
    @DisplayName("L07: of many that remove the file and bind at the same time one gets the address and keeps it")
    void oneOfManyGetsIt() throws Exception {
        Python.run(LEAVES_ITS_FILE, path, "SOCK_STREAM");
        AtomicInteger bound = new AtomicInteger();
        List<Future<UnixStreamListener>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> {
                    address.removeStaleFile();
                    UnixStreamListener listener = UnixStreamListener.bind(address);
                    bound.incrementAndGet();
                    return listener;
                }));
            }
        }
        assertThat(bound).hasValue(1);
        for (Future<UnixStreamListener> one : all) {
            if (one.state() == Future.State.SUCCESS) {
                try (UnixStreamListener listener = one.resultNow();
                        UnixStream client = UnixStream.connect(address);
                        UnixStream server = listener.accept()) {
                    assertThat(server.peer().credentials())
                            .isEqualTo(client.peer().credentials());
                }
            } else {
                assertThat(one.exceptionNow()).isInstanceOf(BindException.class);
            }
        }
        assertThat(directory).isEmptyDirectory();
    }
}
