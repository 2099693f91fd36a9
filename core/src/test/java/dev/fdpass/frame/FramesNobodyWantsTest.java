package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.OpenFiles;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A frame that is closed aside: what nobody took is closed soon, what somebody took stays his. */
class FramesNobodyWantsTest {
    @TempDir
    private Path directory;

    private String name() {
        return directory.resolve("file").toString();
    }

    private Frame frameWithThree() throws Exception {
        try (var pair = UnixStream.pair();
                var from = FramedChannel.over(pair.first(), Framing.lengthHeader());
                var to = FramedChannel.over(pair.second(), Framing.lengthHeader())) {
            Files.writeString(Path.of(name()), "x");
            try (var fd = OwnedFd.open(Path.of(name()))) {
                from.send(ByteBuffer.allocate(1), fd, fd, fd);
            }
            return to.receive();
        }
    }

    @Test
    void whatNobodyTookIsClosedAndTheRestStaysOpen() throws Exception {
        Frame frame = frameWithThree();
        assertThat(OpenFiles.count(name())).isEqualTo(3);
        try (OwnedFd taken = frame.takeFd(1)) {
            frame.closeAside();
            OpenFiles.awaitCount(name(), 1);
            assertThat(taken.size()).isEqualTo(1);
        }
    }

    @Test
    void thenItIsClosed() throws Exception {
        Frame frame = frameWithThree();
        frame.closeAside();
        assertThatIllegalStateException().isThrownBy(frame::takeFds).withMessageContaining("closed");
        frame.closeAside();
        frame.close();
        OpenFiles.awaitCount(name(), 0);
    }

    @Test
    void oneThatIsClosedStaysSo() throws Exception {
        Frame frame = frameWithThree();
        frame.close();
        assertThat(OpenFiles.count(name())).isZero();
        frame.closeAside();
    }
}
