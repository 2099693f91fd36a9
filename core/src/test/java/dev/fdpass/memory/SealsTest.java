package dev.fdpass.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealsTest {
    @ParameterizedTest
    @EnumSource
    void aSealThatIsSetIsSeen(Seal seal) throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            memory.addSeals(seal);

            assertThat(memory.seals()).containsExactly(seal);
        }
    }

    @Test
    void theyAddUpAndNoneIsNothing() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            memory.addSeals();
            assertThat(memory.seals()).isEmpty();
            memory.addSeals(Seal.SHRINK);
            memory.addSeals(Seal.GROW, Seal.WRITE);

            assertThat(memory.seals()).containsExactlyInAnyOrder(Seal.SHRINK, Seal.GROW, Seal.WRITE);
        }
    }

    @Test
    void shrinkKeepsItFromBecomingSmaller() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            memory.addSeals(Seal.SHRINK);

            refused("EPERM", () -> memory.resize(9));
            memory.resize(11);
            assertThat(memory.size()).isEqualTo(11);
        }
    }

    @Test
    void growKeepsItFromBecomingLarger() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            memory.addSeals(Seal.GROW);

            refused("EPERM", () -> memory.resize(11));
            memory.resize(9);
            assertThat(memory.size()).isEqualTo(9);
        }
    }

    @Test
    void sealKeepsSealsFromBeingAdded() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            memory.addSeals(Seal.SEAL);

            refused("EPERM", () -> memory.addSeals(Seal.SHRINK));
            assertThat(memory.seals()).containsExactly(Seal.SEAL);
        }
    }

    @Test
    void writeKeepsItFromBeingWrittenAndMappedToWrite() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10);
                Arena arena = Arena.ofConfined()) {
            memory.addSeals(Seal.WRITE);

            refused("EPERM", () -> memory.asFd().write(ByteBuffer.allocate(1)));
            refused("EPERM", () -> memory.map(arena));
            assertThat(memory.map(READ_ONLY, 0, 10, arena).get(JAVA_BYTE, 0)).isZero();
        }
    }

    @Test
    void writeIsRefusedWhileAWritableMappingStands() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10)) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mapped = memory.map(arena);
                refused("EBUSY", () -> memory.addSeals(Seal.WRITE));
                assertThat(mapped.isReadOnly()).isFalse();
            }
            memory.addSeals(Seal.WRITE);
            assertThat(memory.seals()).containsExactly(Seal.WRITE);
        }
    }

    @Test
    void futureWriteLeavesMappingsThatStandWritable() throws IOException {
        try (SharedMemory memory = SharedMemory.create("test", 10);
                Arena arena = Arena.ofConfined()) {
            MemorySegment writable = memory.map(arena);
            memory.addSeals(Seal.FUTURE_WRITE);
            MemorySegment readable = memory.map(READ_ONLY, 0, 10, arena);
            writable.set(JAVA_BYTE, 5, (byte) 5);

            assertThat(readable.get(JAVA_BYTE, 5)).isEqualTo((byte) 5);
            refused("EPERM", () -> memory.map(READ_WRITE, 0, 10, arena));
            refused("EPERM", () -> memory.asFd().write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    @DisplayName("L06: memory of a peer is mapped only once it is sealed against shrinking")
    void memoryOfAPeerNeedsTheSeal() throws IOException {
        try (SharedMemory own = SharedMemory.create("test", 10);
                SharedMemory received = SharedMemory.adopt(own.asFd().duplicate());
                Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> received.map(arena))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Seal.SHRINK")
                    .hasMessageContaining("mapUnsealed");
            assertThatThrownBy(() -> received.map(READ_ONLY, 0, 1, arena)).isInstanceOf(IllegalStateException.class);
            own.addSeals(Seal.GROW);
            assertThatThrownBy(() -> received.map(arena)).isInstanceOf(IllegalStateException.class);

            assertThat(received.mapUnsealed(READ_WRITE, 0, 10, arena).byteSize())
                    .isEqualTo(10);
            own.addSeals(Seal.SHRINK);
            assertThat(received.map(arena).byteSize()).isEqualTo(10);
        }
    }

    private static void refused(String name, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo(name));
    }
}
