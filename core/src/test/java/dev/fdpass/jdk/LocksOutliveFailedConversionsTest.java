package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To close any descriptor of a file drops the locks of this process on it; so none is closed before an object is made. */
class LocksOutliveFailedConversionsTest {
    private static final long POSITION = 12_345;

    @Test
    void locksOnTheReceivedFileStay(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.lock(POSITION, 1, false);
                OwnedFd fd = OwnedFd.open(file)) {
            assertThat(lock.isValid()).isTrue();
            assertThat(isLocked()).isTrue();
            assertThatIOException()
                    .isThrownBy(() -> FileGraft.graft(fd.number(), path -> {
                        throw new IOException("no placeholder of " + path);
                    }))
                    .withMessageContaining("no placeholder");
            assertThat(isLocked()).isTrue();
        }
    }

    /** As the kernel shows it, in the descriptor that it was locked through. */
    private static boolean isLocked() throws IOException {
        for (int number : Numbers.open()) {
            try {
                if (Files.readString(Path.of("/proc/self/fdinfo/" + number))
                        .contains(" " + POSITION + " " + POSITION + "\n")) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                // Of the directory that was listed.
            }
        }
        return false;
    }
}
