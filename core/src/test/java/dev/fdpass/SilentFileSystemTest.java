package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.linux.Arch;
import dev.fdpass.linux.Syscall;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SilentFileSystem;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Descriptors that nobody wants, of a file system whose server, the very peer that sent them, does not answer when they are
 * closed. A close that waits so keeps a thread; its number is free already.
 */
class SilentFileSystemTest {

    private SilentFileSystem silent;

    @BeforeEach
    void start() throws IOException {
        silent = SilentFileSystem.start();
    }

    @AfterEach
    void theEndOfTheServerIsTheEndOfAllWaiting() throws Exception {
        if (silent != null) {
            silent.close();
            awaitWaitingCloses(0);
        }
    }

    @Test
    @DisplayName("L05: rejecting a file whose closing waits for its sender does not wait")
    void rejectionReturns() throws Exception {
        int before = OpenFiles.count();
        List<Callable<?>> rejections = List.of(
                () -> receive().takeFd(0, Expect.pipe()),
                () -> receive().takeExactly(Expect.memfd()),
                () -> receiveMessage().takeFd(0, Expect.directory()),
                () -> receiveMessage().takeExactly());
        int closes = 0;
        for (Callable<?> rejection : rejections) {
            silent.sendFile();
            try (Background<?> rejecting = Background.run(rejection)) {
                assertThat(rejecting.failure()).isInstanceOf(RejectedFdException.class);
            }
            awaitWaitingCloses(++closes);
        }
        OpenFiles.awaitCount(before);
    }

    @Test
    @DisplayName("L05: even closing a pipe waits, if it is in an epoll set that does; rejecting it does not")
    void noKindIsSafe() throws Exception {
        try (Received pipe = silent.receivePipeOfASet();
                Background<?> rejecting = Background.run(() -> pipe.takeFd(0, Expect.memfd()))) {
            assertThat(rejecting.failure()).isInstanceOf(RejectedFdException.class);
        }
        awaitWaitingCloses(1);
    }

    @Test
    @DisplayName("L05 R10: reading plain bytes that such a file comes with goes on, and what else comes is closed")
    void readingGoesOn() throws Exception {
        int before = OpenFiles.count();
        for (int i = 1; i <= 2; i++) {
            silent.sendFile();
            assertThat(readOne()).isEqualTo(1);
            silent.sendOthers();
            assertThat(readOne()).isEqualTo(1);
            awaitWaitingCloses(i);
            OpenFiles.awaitCount(before);
        }
        assertThat(silent.socket().unexpectedFds()).isEqualTo(8);
    }

    @Test
    @DisplayName("L04 L05: a forgotten message, and a forgotten descriptor, hold up nothing else that is forgotten")
    void theCleanerGoesOn() throws Exception {
        int before = OpenFiles.count();
        silent.sendFile();
        silent.sendFile();
        assertThat(forget()).isEqualTo(2);
        collectUntil(() -> waitingCloses() == 2);

        assertThat(OwnedFd.open(Path.of("/etc/passwd")).isOpen()).isTrue();
        collectUntil(() -> OpenFiles.count() == before);
        assertThat(waitingCloses()).isEqualTo(2);
    }

    @Test
    @DisplayName("L05 R21: who sends many such files holds up the closing of nothing but what else it sent")
    void othersAreNotHeldUp() throws Exception {
        int many = 20;
        int before = OpenFiles.count();
        for (int i = 0; i < many; i++) {
            silent.sendFile();
            assertThat(readOne()).isEqualTo(1);
        }
        int waiting = ClosingAside.MAX_THREADS_OF_ONE;
        awaitWaitingCloses(waiting);
        assertThat(OpenFiles.count()).as("the rest").isEqualTo(before + many - waiting);

        rejectOfAnother();
        silent.end();
        OpenFiles.awaitCount(before);
    }

    @Test
    @DisplayName(
            "L05 R21: who sends still more waits with its own reader; what others sent is closed, and nothing is lost")
    void whoGoesOnWaitsItself() throws Exception {
        int before = OpenFiles.count();
        for (int i = 0; i < ClosingAside.MAX_THREADS_OF_ONE; i++) {
            silent.sendFile();
            assertThat(readOne()).isEqualTo(1);
            awaitWaitingCloses(i + 1);
        }
        for (int i = 0; i < ClosingAside.MAX_WAITING; i++) {
            silent.sendFile();
            assertThat(readOne()).isEqualTo(1);
        }
        silent.sendFile();
        try (Background<Integer> reading =
                Background.blocked(() -> silent.socket().read(ByteBuffer.allocate(1)))) {
            awaitWaitingCloses(ClosingAside.MAX_THREADS_OF_ONE + 1);
            rejectOfAnother();
            silent.end();
            assertThat(reading.get()).isEqualTo(1);
        }
        OpenFiles.awaitCount(before);
    }

    @Test
    @DisplayName("L05 R21: who is cut for what is no frame is not waited for, whatever it had sent")
    void cuttingReturns() throws Exception {
        try (OwnedFd connected = silent.socket().asFd().duplicate(); // or the peer would end, and all waiting with it
                FramedChannel channel = FramedChannel.over(silent.socket())) {
            silent.sendFile();
            try (Background<?> receiving = Background.run(channel::receive)) {
                assertThat(receiving.failure()).isInstanceOf(FrameException.class);
            }
            assertThat(channel.isOpen()).isFalse();
            awaitWaitingCloses(1);
            rejectOfAnother();
            assertThat(connected.isOpen()).isTrue();
        }
    }

    private static void rejectOfAnother() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                EventFd event = EventFd.create()) {
            int before = OpenFiles.count();
            pair.first().send(ByteBuffer.allocate(1), event, event);
            try (Received received = pair.second().receive(1, 2)) {
                assertThatThrownBy(() -> received.takeExactly(Expect.eventFd(), Expect.pipe()))
                        .isInstanceOf(RejectedFdException.class);
                OpenFiles.awaitCount(before);
            }
        }
    }

    private Received receive() throws IOException {
        return silent.socket().receive(1, 1);
    }

    @SuppressWarnings("resource") // nothing is left in it
    private ScmMessage receiveMessage() throws IOException {
        ScmMessage message = ScmMessage.allocate(1, 1);
        silent.socket().receive(message);
        return message;
    }

    private int readOne() throws Exception {
        try (Background<Integer> reading = Background.run(() -> silent.socket().read(ByteBuffer.allocate(1)))) {
            return reading.get();
        }
    }

    /** In a frame of its own, so that nothing is left on the stack. */
    private int forget() throws IOException {
        return receive().fdCount() + (receive().takeFd(0).isOpen() ? 1 : 0);
    }

    private static void collectUntil(Waiting.Condition condition) throws Exception {
        Waiting.until("a close", () -> {
            System.gc();
            return condition.holds();
        });
    }

    private static void awaitWaitingCloses(int expected) throws Exception {
        Waiting.soon(() -> waitingCloses() == expected);
        assertThat(waitingCloses()).as("threads that wait in close(2)").isEqualTo(expected);
    }

    /** Threads that the kernel keeps in {@code close(2)}. */
    private static int waitingCloses() throws IOException {
        String close = Syscall.CLOSE.numberOn(Arch.CURRENT) + " ";
        int count = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    count += Files.readString(task.resolve("syscall")).startsWith(close) ? 1 : 0;
                } catch (IOException e) {
                    // a thread that has just ended
                }
            }
        }
        return count;
    }
}
