package dev.fdpass;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.ReusedNumber;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnedFdLifetimeTest {
    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void makeFile() throws IOException {
        path = Files.writeString(directory.resolve("file"), "0123456789");
    }

    @Test
    void adoptTakesTheNumberOver() throws IOException {
        int[] ends = LibcCalls.pipe();
        int number = ends[1];

        try (OwnedFd fd = OwnedFd.adopt(number)) {
            assertThat(fd.number()).isEqualTo(number);
            assertThat(fd.isOpen()).isTrue();
            assertThat(fd.asFd()).isSameAs(fd);
        } finally {
            LibcCalls.close(ends[0]);
        }
        assertThat(isOpen(number)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 987_654, Integer.MAX_VALUE})
    void adoptRefusesWhatIsNotOpen(int number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OwnedFd.adopt(number))
                .withMessageContaining(String.valueOf(number))
                .withMessageContaining("not open");
    }

    @Test
    void aDuplicateHasItsOwnNumberAndTheSameOffset() throws IOException {
        OwnedFd fd = OwnedFd.open(path);
        try (OwnedFd duplicate = fd.duplicate()) {
            fd.read(ByteBuffer.allocate(4));

            assertThat(duplicate.number()).isNotEqualTo(fd.number());
            assertThat(duplicate.position()).isEqualTo(4);
            duplicate.position(1);
            assertThat(fd.position()).isEqualTo(1);
            fd.close();
            assertThat(duplicate.isOpen()).isTrue();
            assertThat(duplicate.position()).isEqualTo(1);
        }
    }

    @Test
    void detachGivesTheOpenNumberAway() throws IOException {
        OwnedFd fd = OwnedFd.open(path);
        int number = fd.detach();

        assertThat(fd.isOpen()).isFalse();
        fd.close();
        assertThat(isOpen(number)).isTrue();
        assertThatThrownBy(fd::detach).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(fd::info).isInstanceOf(ClosedChannelException.class);
        try (OwnedFd again = OwnedFd.adopt(number)) {
            assertThat(again.size()).isEqualTo(10);
        }
    }

    @Test
    void detachIsRefusedWhileInUse() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path)) {
            fd.use(number -> {
                assertThatThrownBy(fd::detach)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(String.valueOf(number));
                return number;
            });
            assertThat(fd.isOpen()).isTrue();
        }
    }

    @Test
    @DisplayName("L02: closing twice closes once")
    void closeIsIdempotent() throws IOException {
        OwnedFd first = OwnedFd.open(path);
        first.close();
        try (OwnedFd reusesTheNumber = ReusedNumber.of(first.number(), () -> OwnedFd.open(path))) {
            first.close();
            assertThat(reusesTheNumber.size()).isEqualTo(10);
        }
    }

    @Test
    void everythingThrowsOnceClosed() throws IOException {
        OwnedFd fd = OwnedFd.open(path, READ, WRITE);
        fd.close();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        ByteBuffer[] buffers = {buffer};
        ThrowingCallable[] operations = {
            () -> fd.read(buffer),
            () -> fd.read(buffer, 0),
            () -> fd.read(buffers),
            () -> fd.write(buffer),
            () -> fd.write(buffer, 0),
            () -> fd.write(buffers),
            fd::position,
            () -> fd.position(0),
            fd::size,
            () -> fd.truncate(0),
            fd::info,
            fd::duplicate,
            fd::detach,
            () -> fd.use(number -> number),
            () -> Channels.newInputStream(fd).read(),
            () -> fd.read(ByteBuffer.allocate(0)),
            () -> fd.write(ByteBuffer.allocate(0)),
        };

        for (ThrowingCallable operation : operations) {
            assertThatThrownBy(operation).isInstanceOf(ClosedChannelException.class);
        }
        assertThat(fd.isOpen()).isFalse();
        assertThat(fd).hasToString("fd " + fd.number() + " (closed)");
    }

    @Test
    void useLendsTheNumberAndReturnsTheResult() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path)) {
            assertThat(fd.<String, RuntimeException>use(number -> "was " + number))
                    .isEqualTo("was " + fd.number());
            assertThatThrownBy(() -> fd.use(number -> {
                        throw new IllegalStateException("mine");
                    }))
                    .hasMessage("mine");
            assertThat(fd.size()).as("still usable").isEqualTo(10);
        }
    }

    @Test
    @DisplayName("L02: close waits for the last user and only then closes the number")
    void closeWaitsForAUse() throws Exception {
        OwnedFd fd = OwnedFd.open(path);
        CountDownLatch inUse = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger openAtTheEnd = new AtomicInteger(-1);
        Thread user = Thread.ofPlatform().start(() -> {
            try {
                fd.use(number -> {
                    inUse.countDown();
                    mayEnd.await();
                    openAtTheEnd.set(isOpen(number) ? 1 : 0);
                    return number;
                });
            } catch (Exception e) {
                openAtTheEnd.set(-2);
            }
        });
        inUse.await();
        Thread closer = Thread.ofPlatform().start(() -> {
            try {
                fd.close();
            } catch (IOException e) {
                openAtTheEnd.set(-3);
            }
        });
        while (fd.isOpen()) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(() -> fd.use(number -> number)).isInstanceOf(ClosedChannelException.class);
        assertThat(isOpen(fd.number())).isTrue();
        mayEnd.countDown();
        user.join();
        closer.join();
        assertThat(openAtTheEnd).hasValue(1);
        assertThat(isOpen(fd.number())).isFalse();
    }

    @Test
    @DisplayName("L02: an interrupt does not stop a close half way")
    void closeByAnInterruptedThreadCloses() throws IOException {
        OwnedFd fd = OwnedFd.open(path);

        Thread.currentThread().interrupt();
        fd.close();

        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(isOpen(fd.number())).isFalse();
    }

    @Test
    void anInterruptedThreadThatReadsClosesAsWithAnyChannel() throws IOException {
        OwnedFd fd = OwnedFd.open(path);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> fd.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedByInterruptException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(fd.isOpen()).isFalse();
        assertThat(isOpen(fd.number())).isFalse();
    }

    @Test
    void severalWaitingThreadsAreAllWoken() throws Exception {
        int[] ends = LibcCalls.pipe();
        try (OwnedFd out = OwnedFd.adopt(ends[1])) {
            OwnedFd in = OwnedFd.adopt(ends[0]);
            Background<Integer> first = Background.blocked(() -> in.read(ByteBuffer.allocate(1)));
            Background<Integer> second = Background.blocked(() -> in.read(ByteBuffer.allocateDirect(1)));

            in.close();

            assertThat(first.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(second.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(isOpen(ends[0])).isFalse();
            assertThatThrownBy(() -> out.write(Text.buffer("x")))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isEqualTo("EPIPE"));
        }
    }

    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS);
    }
}
