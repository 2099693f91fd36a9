package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.OpenFiles;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread that is interrupted again and again makes its channels, keeps its interrupt, and loses no descriptor. */
class InterruptedConversionsTest {
    private static final int ROUNDS = 150;

    private final Object lock = new Object();
    private boolean isConverting;
    private volatile boolean isOver;

    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    @ParameterizedTest
    @EnumSource(
            value = StreamKind.class,
            names = {"TCP_OF_IPV4", "UNIX"})
    void nothingIsLost(StreamKind kind) throws Exception {
        try (var connection = kind.connection();
                SocketChannel first = JdkSockets.toSocketChannel(connection.fd())) {
            assertThat(first.isOpen()).isTrue(); // what the JDK keeps open is open now
        }
        int before = OpenFiles.count();
        Thread converts = Thread.currentThread();
        Thread interrupts = Thread.ofPlatform().start(() -> {
            while (!isOver) {
                synchronized (lock) {
                    if (isConverting) {
                        converts.interrupt();
                    }
                }
                Thread.onSpinWait();
            }
        });
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                try (var connection = kind.connection()) {
                    setConverting(true);
                    try (SocketChannel channel = JdkSockets.toSocketChannel(connection.fd())) {
                        setConverting(false);
                        connection.peer().write(Proofs.bytes("hello"));
                        assertThat(channel.read(Proofs.bytes("01234"))).isEqualTo(5);
                    } finally {
                        setConverting(false);
                    }
                }
            }
        } finally {
            isOver = true;
            interrupts.join();
        }
        OpenFiles.awaitCount(before);
    }

    private void setConverting(boolean converting) {
        synchronized (lock) {
            isConverting = converting;
        }
        if (!converting) {
            Thread.interrupted();
        }
    }
}
