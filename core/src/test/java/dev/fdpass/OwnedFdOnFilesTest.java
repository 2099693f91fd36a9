package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnedFdOnFilesTest {
    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void makeFile() throws IOException {
        path = Files.writeString(directory.resolve("file"), "0123456789");
    }

    private enum Buffers {
        HEAP,
        DIRECT,
        SEGMENT,
        HEAP_SLICE,
        DIRECT_SLICE;

        ByteBuffer allocate(int size) {
            return switch (this) {
                case HEAP -> ByteBuffer.allocate(size);
                case DIRECT -> ByteBuffer.allocateDirect(size);
                case SEGMENT -> Arena.ofAuto().allocate(size).asByteBuffer();
                case HEAP_SLICE -> ByteBuffer.allocate(size + 20).slice(7, size);
                case DIRECT_SLICE -> ByteBuffer.allocateDirect(size + 20).slice(7, size);
            };
        }

        ByteBuffer of(byte[] bytes) {
            return allocate(bytes.length).put(bytes).flip();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMegabyteGoesOutAndComesBack(Buffers kind) throws IOException {
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        ByteBuffer source = kind.of(content);
        ByteBuffer back = kind.allocate(content.length + 1);

        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            assertThat(fd.write(source)).isEqualTo(content.length);
            assertThat(source.hasRemaining()).isFalse();
            assertThat(fd.size()).isEqualTo(content.length);

            fd.position(0);
            while (fd.read(back) >= 0) {
                assertThat(back.position()).isEqualTo((int) fd.position());
            }
        }
        byte[] read = new byte[back.flip().remaining()];
        back.get(read);
        assertThat(read).isEqualTo(content);
        assertThat(Files.readAllBytes(path)).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheRemainingBytesAreUsed(Buffers kind) throws IOException {
        ByteBuffer buffer = kind.of("....abc....".getBytes(UTF_8)).position(4).limit(7);

        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            assertThat(fd.write(buffer)).isEqualTo(3);
            assertThat(buffer.position()).isEqualTo(7);
            assertThat(Files.readString(path)).isEqualTo("abc3456789");

            buffer.position(1).limit(3);
            assertThat(fd.read(buffer)).isEqualTo(2);
            assertThat(buffer.position()).isEqualTo(3);
            assertThat(Text.before(buffer.limit(11).position(11))).isEqualTo(".34.abc....");
        }
    }

    @ParameterizedTest
    @EnumSource
    void positionalReadsAndWritesLeaveThePositionAlone(Buffers kind) throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            fd.position(3);

            ByteBuffer buffer = kind.allocate(4);
            assertThat(fd.read(buffer, 6)).isEqualTo(4);
            assertThat(Text.before(buffer)).isEqualTo("6789");
            assertThat(fd.read(buffer.clear(), 8)).isEqualTo(2);
            assertThat(fd.read(buffer.clear(), 10)).isEqualTo(-1);
            assertThat(fd.write(kind.of("ab".getBytes(UTF_8)), 12)).isEqualTo(2);

            assertThat(fd.position()).isEqualTo(3);
            assertThat(Files.readString(path)).isEqualTo("0123456789\0\0ab");
        }
    }

    @Test
    void aLargePositionalWriteFromTheHeapIsInOnePiece() throws IOException {
        byte[] content = new byte[300_000];
        new Random(2).nextBytes(content);

        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            assertThat(fd.write(ByteBuffer.wrap(content), 5)).isEqualTo(content.length);
        }
        assertThat(Files.readAllBytes(path))
                .startsWith("01234".getBytes(UTF_8))
                .endsWith(content)
                .hasSize(300_005);
    }

    @Test
    void theEndIsMinusOneAndNoRoomIsZero() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path)) {
            fd.position(10);

            assertThat(fd.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(fd.read(ByteBuffer.allocate(0))).isZero();
            assertThat(fd.read(ByteBuffer.allocate(0), 10)).isZero();
            assertThat(fd.read(new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocate(2)}))
                    .isEqualTo(-1);
            assertThat(fd.read(new ByteBuffer[0])).isZero();
        }
    }

    @Test
    void gatheringAndScatteringGoFromBufferToBuffer() throws IOException {
        ByteBuffer[] sources = {Text.buffer("ab"), ByteBuffer.allocate(0), Text.direct("cde"), Text.buffer("f")};
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            assertThat(fd.write(sources)).isEqualTo(6);
            assertThat(fd.write(new ByteBuffer[] {Text.buffer("no"), Text.buffer("XY"), Text.buffer("no")}, 1, 1))
                    .isEqualTo(2);
            assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
            assertThat(Files.readString(path)).isEqualTo("abcdefXY89");

            ByteBuffer[] targets = {
                ByteBuffer.allocateDirect(3), ByteBuffer.allocate(0), ByteBuffer.allocate(4), ByteBuffer.allocate(9)
            };
            assertThat(fd.position(0).position()).isZero();
            assertThat(fd.read(targets)).isEqualTo(10);
            assertThat(Text.before(targets[0])).isEqualTo("abc");
            assertThat(Text.before(targets[2])).isEqualTo("defX");
            assertThat(Text.before(targets[3])).isEqualTo("Y89");
        }
    }

    @Test
    void aRangeOfBuffersThatIsNotThereIsRefused() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            ByteBuffer[] buffers = {ByteBuffer.allocate(1)};

            assertThatThrownBy(() -> fd.read(buffers, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> fd.write(buffers, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aReadOnlyBufferIsWrittenFromAndNotReadInto() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            ByteBuffer readOnly = Text.buffer("ab").asReadOnlyBuffer();
            ByteBuffer writable = ByteBuffer.allocate(2);

            assertThat(fd.write(readOnly)).isEqualTo(2);
            assertThat(fd.write(Text.direct("cd").asReadOnlyBuffer())).isEqualTo(2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fd.read(readOnly.rewind()))
                    .withMessageContaining("read-only");
            assertThatIllegalArgumentException().isThrownBy(() -> fd.read(readOnly.rewind(), 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fd.read(new ByteBuffer[] {writable, readOnly.rewind()}));
            assertThat(writable.position()).as("nothing was read and lost").isZero();
            assertThat(fd.position()).isEqualTo(4);
            assertThat(Files.readString(path)).isEqualTo("abcd456789");
        }
    }

    @Test
    void positionsAndSizesThatCannotBeAreRefused() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fd.position(-1))
                    .withMessageContaining("-1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fd.truncate(-1))
                    .withMessageContaining("-1");
            assertThatIllegalArgumentException().isThrownBy(() -> fd.read(ByteBuffer.allocate(1), -1));
            assertThatIllegalArgumentException().isThrownBy(() -> fd.write(ByteBuffer.allocate(1), -5));
        }
    }

    @Test
    void aPositionBeyondTheEndMakesAHole() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            fd.position(12);

            assertThat(fd.size()).isEqualTo(10);
            assertThat(fd.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            fd.write(Text.buffer("x"));
            assertThat(Files.readString(path)).isEqualTo("0123456789\0\0x");
        }
    }

    @Test
    void truncateCutsAndNeverLengthens() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE)) {
            fd.position(8);

            assertThat(fd.truncate(20)).isSameAs(fd);
            assertThat(fd.size()).isEqualTo(10);
            assertThat(fd.position()).isEqualTo(8);
            fd.truncate(4);
            assertThat(fd.size()).isEqualTo(4);
            assertThat(fd.position()).isEqualTo(4);
            fd.position(9).truncate(5);
            assertThat(fd.size()).isEqualTo(4);
            assertThat(fd.position()).isEqualTo(5);
        }
    }

    @Test
    void appendingWritesAtTheEndWhereverThePositionIs() throws IOException {
        try (OwnedFd fd = OwnedFd.open(path, APPEND)) {
            fd.position(0);
            fd.write(Text.buffer("ab"));

            assertThat(Files.readString(path)).isEqualTo("0123456789ab");
            assertThat(fd.position()).isEqualTo(12);
        }
    }

    @Test
    void whatWasOpenedForSomethingElseSaysSoAsChannelsDo() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        try (OwnedFd readable = OwnedFd.open(path);
                OwnedFd writable = OwnedFd.open(path, WRITE)) {
            assertThatThrownBy(() -> readable.write(buffer)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> readable.write(buffer, 0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> readable.truncate(0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> readable.truncate(20)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writable.read(buffer)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> writable.read(buffer, 0)).isInstanceOf(NonReadableChannelException.class);
            assertThat(readable.size()).isEqualTo(10);
        }
    }

    @Test
    void aFullDeviceSaysWhichErrorAndWhichCall() throws IOException {
        try (OwnedFd full = OwnedFd.open(Path.of("/dev/full"), WRITE)) {
            assertThatThrownBy(() -> full.write(Text.buffer("x"))).isInstanceOfSatisfying(ErrnoException.class, e -> {
                assertThat(e.name()).isEqualTo("ENOSPC");
                assertThat(e.errno()).isEqualTo(28);
                assertThat(e.call()).isEqualTo("write");
                assertThat(e).hasMessageContaining("No space left on device");
            });
        }
    }

    @Test
    void aBufferWhoseMemoryIsGoneIsRefused() throws IOException {
        ByteBuffer gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(8).asByteBuffer();
        }
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE, CREATE)) {
            assertThatThrownBy(() -> fd.read(gone)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> fd.write(gone)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(path).hasContent("0123456789");
    }

    @Test
    @SuppressWarnings("try") // closed before its end
    void duplicatesAreOfTheSameOpenFileAndAnotherOpeningIsNot() throws IOException {
        try (OwnedFd file = OwnedFd.open(path, READ);
                OwnedFd duplicate = file.duplicate();
                OwnedFd another = OwnedFd.open(path, READ)) {
            assertThat(file.isSameOpenFile(file)).isTrue();
            assertThat(file.isSameOpenFile(duplicate)).isTrue();
            assertThat(file.isSameOpenFile(another)).isFalse();
            another.close();
            assertThatThrownBy(() -> file.isSameOpenFile(another)).isInstanceOf(ClosedChannelException.class);
        }
    }
}
