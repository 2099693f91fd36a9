package dev.fdpass.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.channels.FileChannel.MapMode.PRIVATE;
import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.ErrnoException;
import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedMemoryTest {
    private static final long SIZE = 300_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4096, SIZE, 1L << 33})
    void isFilledWithZerosAndAsLargeAsAskedFor(long size) throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", size)) {
            assertThat(memory.size()).isEqualTo(size);
            assertThat(memory.seals()).isEmpty();
            if (size == SIZE) {
                try (Arena arena = Arena.ofConfined()) {
                    assertThat(memory.map(arena).mismatch(arena.allocate(SIZE))).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void sizesAndNamesThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedMemory.create("x", -1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedMemory.create("a\0b", 1))
                .withMessageContaining("NUL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedMemory.create("x".repeat(250), 1))
                .withMessageContaining("250")
                .withMessageContaining("249");
    }

    @Test
    void theLongestNameIsTaken() throws IOException {
        try (SharedMemory memory = SharedMemory.create("x".repeat(249), 1)) {
            assertThat(memory.toString()).contains("x".repeat(249));
        }
    }

    @Test
    void resizingKeepsWhatRemains() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            memory.asFd().write(ByteBuffer.wrap("0123456789".getBytes(UTF_8)), 0);

            memory.resize(5);
            memory.resize(8);

            assertThat(memory.size()).isEqualTo(8);
            ByteBuffer content = ByteBuffer.allocate(10);
            assertThat(memory.asFd().read(content, 0)).isEqualTo(8);
            assertThat(content.array()).isEqualTo("01234\0\0\0\0\0".getBytes(UTF_8));
            assertThatIllegalArgumentException().isThrownBy(() -> memory.resize(-1));
        }
    }

    @Test
    void twoMappingsSeeTheSameBytes() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", SIZE);
                SharedMemory other = SharedMemory.adopt(memory.asFd().duplicate());
                Arena arena = Arena.ofShared()) {
            memory.addSeals(Seal.SHRINK);
            MemorySegment first = memory.map(arena);
            MemorySegment second = other.map(arena);
            first.set(JAVA_BYTE, SIZE - 1, (byte) 42);
            second.set(JAVA_INT_UNALIGNED, 4095, 0x01020304);

            assertThat(second.get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 42);
            assertThat(first.get(JAVA_INT_UNALIGNED, 4095)).isEqualTo(0x01020304);
            assertThat(first.address()).isNotEqualTo(second.address());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 300000", "0, 1", "1, 1", "4095, 2", "4096, 4096", "65535, 65538", "131077, 99", "299999, 1"})
    void aPartIsMappedFromAnyOffset(long offset, long size) throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", SIZE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment all = memory.map(arena);
            for (long i = 0; i < SIZE; i++) {
                all.set(JAVA_BYTE, i, (byte) (i * 7 + (i >> 12)));
            }

            MemorySegment part = memory.map(READ_WRITE, offset, size, arena);

            assertThat(part.byteSize()).isEqualTo(size);
            assertThat(part.mismatch(all.asSlice(offset, size))).isEqualTo(-1);
            part.set(JAVA_BYTE, size - 1, (byte) 99);
            assertThat(all.get(JAVA_BYTE, offset + size - 1)).isEqualTo((byte) 99);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "0, 0", "0, -1", "0, 11", "10, 1", "11, 1", "9223372036854775807, 1", "1, 9223372036854775807"
    })
    void aPartThatIsNotThereIsRefused(long offset, long size) throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10);
                Arena arena = Arena.ofConfined()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> memory.map(READ_WRITE, offset, size, arena))
                    .withMessageContaining("within the 10");
        }
    }

    @Test
    void emptyMemoryCannotBeMapped() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 0);
                Arena arena = Arena.ofConfined()) {
            assertThatIllegalArgumentException().isThrownBy(() -> memory.map(arena));
        }
    }

    @Test
    void aReadOnlyMappingCannotBeWrittenAndFollowsWritesOfOthers() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10);
                Arena arena = Arena.ofConfined()) {
            MemorySegment readable = memory.map(READ_ONLY, 0, 10, arena);
            MemorySegment writable = memory.map(arena);
            writable.set(JAVA_BYTE, 3, (byte) 1);

            assertThat(readable.isReadOnly()).isTrue();
            assertThat(writable.isReadOnly()).isFalse();
            assertThat(readable.get(JAVA_BYTE, 3)).isEqualTo((byte) 1);
            assertThatThrownBy(() -> readable.set(JAVA_BYTE, 0, (byte) 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anotherModeIsRefused() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10);
                Arena arena = Arena.ofConfined()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> memory.map(PRIVATE, 0, 10, arena))
                    .withMessageContaining("READ_WRITE");
        }
    }

    @Test
    void aMappingOutlivesTheDescriptorAndEndsWithItsArena() throws IOException {
        MemorySegment mapped;
        try (Arena arena = Arena.ofConfined()) {
            try (SharedMemory memory = SharedMemory.create("outlives", SIZE)) {
                mapped = memory.map(arena);
            }
            mapped.set(JAVA_BYTE, SIZE - 1, (byte) 1);
            assertThat(mapped.get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 1);
            assertThat(mappingsOf("outlives")).isEqualTo(1);
        }
        assertThatThrownBy(() -> mapped.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(mappingsOf("outlives")).isZero();
    }

    @Test
    void anArenaThatCannotTakeTheMappingLeavesNoneBehind() throws Exception {
        Arena closed = Arena.ofShared();
        closed.close();
        try (SharedMemory memory = SharedMemory.create("homeless", SIZE);
                Arena ofAnother = CompletableFuture.supplyAsync(Arena::ofShared).get()) {
            assertThatThrownBy(() -> memory.map(closed)).isInstanceOf(IllegalStateException.class);
            assertThat(mappingsOf("homeless")).isZero();
            assertThat(memory.map(ofAnother).byteSize()).isEqualTo(SIZE);
        }
    }

    private static long mappingsOf(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/memfd:" + name))
                .count();
    }

    @Test
    void onlyFilesAreAdopted() throws IOException {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (SharedMemory file = SharedMemory.adopt(OwnedFd.open(path, StandardOpenOption.READ));
                OwnedFd place = OwnedFd.open(directory);
                EventFd counter = EventFd.create();
                Arena arena = Arena.ofConfined()) {
            assertThat(file.seals()).isEmpty();
            assertThat(file.mapUnsealed(READ_ONLY, 3, 2, arena).toArray(JAVA_BYTE))
                    .isEqualTo("34".getBytes(UTF_8));
            assertThatThrownBy(() -> file.mapUnsealed(READ_WRITE, 0, 10, arena))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isEqualTo("EACCES"));
            assertThatThrownBy(() -> file.addSeals(Seal.SHRINK)).isInstanceOf(ErrnoException.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SharedMemory.adopt(place))
                    .withMessageContaining("directory");
            assertThatIllegalArgumentException().isThrownBy(() -> SharedMemory.adopt(counter.asFd()));
            assertThat(place.isOpen()).isTrue();
        }
    }

    @Test
    void everythingThrowsOnceClosed() throws IOException {
        SharedMemory memory = SharedMemory.create("test", 10);
        memory.close();
        memory.close();

        assertThatThrownBy(memory::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(memory::seals).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> memory.resize(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> memory.addSeals(Seal.SEAL)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> memory.map(Arena.global())).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> SharedMemory.adopt(memory.asFd())).isInstanceOf(ClosedChannelException.class);
        assertThat(memory.toString()).contains("closed");
    }

    @Test
    void sealsOfAFileThatKnowsNoneAreNone() throws IOException {
        try (SharedMemory file = SharedMemory.adopt(OwnedFd.open(Files.createFile(directory.resolve("plain"))))) {
            assertThat(file.seals()).isEqualTo(Set.of());
        }
    }
}
