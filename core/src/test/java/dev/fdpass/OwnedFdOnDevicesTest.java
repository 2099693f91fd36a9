package dev.fdpass;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnedFdOnDevicesTest {
    @Test
    void zeroNeverEnds() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(200_000);
        target.put(0, (byte) 1).put(199_999, (byte) 1);
        try (OwnedFd zero = OwnedFd.open(Path.of("/dev/zero"))) {
            while (target.hasRemaining()) {
                assertThat(zero.read(target)).isPositive();
            }
        }
        assertThat(target.array()).containsOnly(0);
    }

    @Test
    void nullTakesAllAndGivesNothing() throws IOException {
        try (OwnedFd nothing = OwnedFd.open(Path.of("/dev/null"), READ, WRITE)) {
            assertThat(nothing.write(ByteBuffer.allocate(200_000))).isEqualTo(200_000);
            assertThat(nothing.write(ByteBuffer.allocateDirect(200_000))).isEqualTo(200_000);
            assertThat(nothing.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }
    }

    @Test
    void whatIsTypedIsReadAndWhatIsPrintedIsSeen() throws Exception {
        int[] ends = LibcCalls.terminal();
        try (OwnedFd person = OwnedFd.adopt(ends[0]);
                OwnedFd program = OwnedFd.adopt(ends[1])) {
            Background<String> reader = Background.blocked(() -> {
                ByteBuffer line = ByteBuffer.allocate(100);
                program.read(line);
                return Text.before(line);
            });

            person.write(Text.buffer("typed"));
            assertThat(reader.isDone()).as("a terminal gives whole lines").isFalse();
            person.write(Text.buffer("\n"));
            assertThat(reader.get()).isEqualTo("typed\n");

            program.write(Text.buffer("printed"));
            ByteBuffer screen = ByteBuffer.allocate(100);
            while (!Text.before(screen).equals("typed\r\nprinted")) {
                assertThat(person.read(screen)).isPositive();
            }
        }
    }

    @Test
    @DisplayName("L01: close wakes a thread that waits for a terminal")
    void closeWakesAReaderOfATerminal() throws Exception {
        int[] ends = LibcCalls.terminal();
        try (OwnedFd person = OwnedFd.adopt(ends[0])) {
            OwnedFd program = OwnedFd.adopt(ends[1]);
            Background<Integer> reader = Background.blocked(() -> program.read(ByteBuffer.allocate(100)));

            program.close();

            assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(person.isOpen()).isTrue();
        }
    }

    @Test
    @DisplayName("L03: an interrupt wakes a thread that waits for a terminal to take more")
    void interruptWakesAWriterToATerminal() throws Exception {
        int[] ends = LibcCalls.terminal();
        try (OwnedFd person = OwnedFd.adopt(ends[0]);
                OwnedFd program = OwnedFd.adopt(ends[1])) {
            Background<Integer> writer = Background.blocked(() -> program.write(ByteBuffer.allocate(1 << 20)));

            writer.thread().interrupt();

            assertThat(writer.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(program.isOpen()).isFalse();
            assertThat(person.isOpen()).isTrue();
        }
    }

    @Test
    void aDirectoryCannotBeRead() throws IOException {
        try (OwnedFd directory = OwnedFd.open(Path.of("/tmp"))) {
            assertThatThrownBy(() -> directory.read(ByteBuffer.allocate(10)))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isEqualTo("EISDIR"));
        }
    }
}
