package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.ReusedNumber;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseOnceTest {
    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L02: a second close does nothing, also to another file that has the number by then")
    void twice(SocketType type) throws IOException {
        try (Memfds files = new Memfds(1)) {
            SocketPair<? extends ScmSocket> pair = type.pair();
            int number = pair.first().asFd().number();
            OwnedFd view = pair.first().asFd();
            pair.first().close();
            try (OwnedFd other = ReusedNumber.of(number, files.get(0).asFd()::duplicate)) {
                pair.first().close();
                view.close();
                pair.close();
                assertThat(other.info().name()).startsWith("/memfd:file-0");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L02: 16 threads close a socket that others use, and its number is closed exactly once")
    void sixteenClosers(SocketType type) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        // Opens and closes files all the time: a number closed once too often would be one of these.
        try (Memfds files = new Memfds(1);
                Background<Long> bystander = Background.run(() -> {
                    long opened = 0;
                    while (!over.get()) {
                        try (OwnedFd fd = files.get(0).asFd().duplicate()) {
                            assertThat(fd.info().name()).startsWith("/memfd:file-0");
                            opened++;
                        }
                    }
                    return opened;
                })) {
            try {
                for (int round = 0; round < 60; round++) {
                    closeWhileInUse(type);
                }
            } finally {
                over.set(true);
            }
            assertThat(bystander.get()).isPositive();
        }
    }

    private static void closeWhileInUse(SocketType type) throws Exception {
        SocketPair<? extends ScmSocket> pair = type.pair();
        ScmSocket socket = pair.first();
        CountDownLatch start = new CountDownLatch(1);
        List<Background<?>> threads = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                boolean sends = i % 2 == 0;
                threads.add(Background.run(() -> {
                    start.await();
                    try {
                        while (true) {
                            if (sends) {
                                socket.send(ByteBuffer.allocate(100), pair.second());
                            } else {
                                socket.receive(100, 1).close();
                            }
                        }
                    } catch (ClosedChannelException e) {
                        return null;
                    }
                }));
            }
            for (int i = 0; i < 16; i++) {
                threads.add(Background.run(() -> {
                    start.await();
                    socket.close();
                    assertThat(socket.isOpen()).isFalse();
                    return null;
                }));
            }
            start.countDown();
            for (Background<?> thread : threads) {
                thread.get();
            }
        } finally {
            threads.forEach(Background::close);
            pair.close();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L02: an interrupt during a close that waits does not keep it from closing, and is not lost")
    void interruptedClose(SocketType type) throws Exception {
        SocketPair<? extends ScmSocket> pair = type.pair();
        OwnedFd fd = pair.first().asFd();
        CountDownLatch letGo = new CountDownLatch(1);
        try (Background<Integer> user = Background.blocked(() -> fd.use(number -> {
                    awaitUninterruptibly(letGo);
                    return number;
                }));
                Background<Boolean> closer = Background.blocked(() -> {
                    pair.first().close();
                    return Thread.currentThread().isInterrupted();
                })) {
            closer.thread().interrupt();
            closer.awaitBlocked();
            assertThat(OpenFiles.flags(fd.number()))
                    .as("still open for its user")
                    .isNotNegative();
            letGo.countDown();
            assertThat(closer.get()).as("interrupt status after close").isTrue();
            assertThat(user.get()).isEqualTo(fd.number());
        } finally {
            letGo.countDown();
            pair.close();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (latch.getCount() > 0 && System.nanoTime() < deadline) {
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    @DisplayName("L02: whoever closes second returns when the number is closed, not before")
    void theSecondCloseWaitsToo() throws Exception {
        OwnedFd fd = OwnedFd.open(Path.of("/dev/null"));
        CountDownLatch used = new CountDownLatch(1);
        try (Background<Integer> user = Background.blocked(() -> fd.use(number -> {
                    used.await();
                    return number;
                }));
                Background<Boolean> first = Background.blocked(() -> {
                    fd.close();
                    return true;
                });
                Background<Boolean> second = Background.blocked(() -> {
                    fd.close();
                    return true;
                })) {
            assertThat(Path.of("/proc/self/fd/" + fd.number())).isSymbolicLink();
            used.countDown();
            assertThat(user.get()).isEqualTo(fd.number());
            assertThat(first.get()).isTrue();
            assertThat(second.get()).isTrue();
            assertThat(Path.of("/proc/self/fd/" + fd.number())).doesNotExist();
        }
    }
}
