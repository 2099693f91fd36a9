package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue gives out descriptors in the order in which they came, and closes what nobody took. */
class FdQueueTest {
    private Memfds files;
    private SocketPair<UnixSeqpacket> pair;
    private ScmMessage message;
    private FdQueue queue;

    @BeforeEach
    void open() throws IOException {
        files = new Memfds(10);
        pair = UnixSeqpacket.pair();
        message = ScmMessage.allocate(1, 10);
        queue = FdQueue.allocate(1);
    }

    @AfterEach
    void close() throws IOException {
        queue.close();
        message.close();
        pair.close();
        files.close();
    }

    private void receive(int first, int count) throws IOException {
        AsFd[] fds = new AsFd[count];
        for (int i = 0; i < count; i++) {
            fds[i] = files.get(first + i);
        }
        pair.first().send(ByteBuffer.allocate(1), fds);
        assertThat(pair.second().receive(message)).isTrue();
    }

    private static void closeAll(List<OwnedFd> fds) throws IOException {
        for (OwnedFd fd : fds) {
            fd.close();
        }
    }

    private boolean isFile(OwnedFd fd, int index) throws IOException {
        try (fd) {
            return fd.info().isSameFile(files.get(index).asFd().info());
        }
    }

    @Test
    void growsAndKeepsTheOrder() throws IOException {
        receive(0, 3);
        assertThat(queue.addAll(message)).isEqualTo(3);
        assertThat(message.fdCount()).isZero();
        receive(3, 7);
        assertThat(queue.addAll(message)).isEqualTo(7);
        assertThat(queue.count()).isEqualTo(10);
        List<OwnedFd> taken = queue.takeFds();
        files.assertFirstOnesAre(taken);
        closeAll(taken);
        assertThat(queue.takeFds()).isEmpty();
    }

    @Test
    void theFirstOnesMoveToAnotherQueueAndTheOthersMoveUp() throws IOException {
        receive(0, 5);
        queue.addAll(message);
        try (FdQueue other = FdQueue.allocate(0)) {
            assertThat(other.addAll(queue, 2)).isEqualTo(2);
            assertThat(queue.count()).isEqualTo(3);
            assertThat(isFile(other.takeFd(1), 1)).isTrue();
            assertThat(isFile(queue.takeFd(0), 2)).isTrue();
            assertThat(other.addAll(queue, 100)).isEqualTo(2);
            assertThat(other.count()).isEqualTo(4);
            assertThat(isFile(other.takeFd(3), 4)).isTrue();
            assertThat(queue.count()).isZero();
        }
    }

    @Test
    void whatWasTakenDoesNotMove() throws IOException {
        receive(0, 3);
        message.takeFd(1).close();
        assertThat(queue.addAll(message)).isEqualTo(2);
        assertThat(isFile(queue.takeFd(1), 2)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> queue.takeFd(1)).withMessageContaining("taken");
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> queue.takeFd(2));
    }

    @Test
    void clearingClosesAndAsideTooAMomentLater() throws IOException {
        int before = OpenFiles.count();
        receive(0, 3);
        queue.addAll(message);
        queue.clear();
        assertThat(OpenFiles.count()).isEqualTo(before);
        receive(0, 3);
        queue.addAll(message);
        queue.clearAside();
        assertThat(queue.count()).isZero();
        OpenFiles.awaitCount(before);
    }

    @Test
    void whatIsNotExpectedIsClosed() throws IOException {
        int before = OpenFiles.count();
        receive(0, 2);
        queue.addAll(message);
        assertThatExceptionOfType(RejectedFdException.class).isThrownBy(() -> queue.takeFd(0, Expect.pipe()));
        assertThatExceptionOfType(RejectedFdException.class).isThrownBy(() -> queue.takeExactly(Expect.memfd()));
        OpenFiles.awaitCount(before);
    }

    @Test
    void aClosedQueueAndANegativeNumberAreRefused() throws IOException {
        receive(0, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> FdQueue.allocate(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.addAll(FdQueue.allocate(0), -1));
        assertThatIllegalStateException().isThrownBy(() -> queue.addAll(queue, 1));
        queue.close();
        queue.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.addAll(message))
                .withMessageContaining("closed");
        assertThat(message.fdCount()).isEqualTo(1);
    }

    @Test
    void anOwnerThatIsClosedAsideIsClosedForEverybodyAtOnce() throws IOException {
        int before = OpenFiles.count();
        OwnedFd fd = files.get(0).asFd().duplicate();
        fd.closeAside();
        fd.closeAside();
        assertThat(fd.isOpen()).isFalse();
        assertThatExceptionOfType(java.nio.channels.ClosedChannelException.class)
                .isThrownBy(fd::size);
        OpenFiles.awaitCount(before);
    }
}
