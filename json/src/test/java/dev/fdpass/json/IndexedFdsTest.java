package dev.fdpass.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each descriptor of a frame is taken once; what was taken for nothing is closed, and so is what nobody took. */
class IndexedFdsTest {
    @TempDir
    private Path directory;

    private String name() {
        return directory.resolve("file").toString();
    }

    private Frame frameWithThree() throws IOException {
        Files.writeString(Path.of(name()), "x");
        try (var pair = UnixStream.pair();
                var from = FramedChannel.over(pair.first(), Framing.lengthHeader());
                var to = FramedChannel.over(pair.second(), Framing.lengthHeader());
                var fd = OwnedFd.open(Path.of(name()))) {
            from.send(ByteBuffer.allocate(1), fd, fd, fd);
            return to.receive();
        }
    }

    @Test
    void eachIsTakenOnceByItsIndex() throws IOException {
        try (IndexedFds fds = IndexedFds.of(frameWithThree());
                OwnedFd second = fds.take(1)) {
            assertThat(second.isOpen()).isTrue();
            assertThat(fds.taken(1)).isSameAs(second);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fds.take(1))
                    .withMessage("descriptor 1 is named twice");
            for (long wrong : new long[] {-1, 3, 1L << 32}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> fds.take(wrong))
                        .withMessage("there is no descriptor " + wrong + "; the message has 3");
            }
            assertThat(fds.count()).isEqualTo(3);
        }
        OpenFiles.awaitCount(name(), 0);
    }

    @Test
    void theFirstThatIsLeft() throws IOException {
        try (IndexedFds fds = IndexedFds.of(frameWithThree());
                OwnedFd first = fds.take(0);
                OwnedFd last = fds.take(2)) {
            assertThat(first.isSameOpenFile(last)).isTrue();
            assertThat(fds.firstLeft()).isEqualTo(1);
            fds.take(1).close();
            assertThat(fds.firstLeft()).isEqualTo(3);
        }
        OpenFiles.awaitCount(name(), 0);
    }

    @Test
    @SuppressWarnings("try") // closes in the middle
    void whatWasTakenSinceAMomentIsClosedAndWhatWasTakenBeforeIsNot() throws IOException {
        try (IndexedFds fds = IndexedFds.of(frameWithThree());
                OwnedFd before = fds.take(2)) {
            int mark = fds.mark();
            OwnedFd since = fds.take(0);
            fds.undo(mark);
            OpenFiles.awaitCount(name(), 2);
            assertThat(since.isOpen()).isFalse();
            assertThat(before.isOpen()).isTrue();
            fds.close();
            OpenFiles.awaitCount(name(), 1);
        }
        OpenFiles.awaitCount(name(), 0);
    }
}
