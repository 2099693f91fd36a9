package dev.fdpass.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolatileSliceTest {
    private static final int SIZE = 64;

    private SharedMemory memory;
    private Arena arena;
    private VolatileSlice slice;
    private VolatileSlice other;

    @BeforeEach
    void mapTwice() throws Exception {
        memory = SharedMemory.create("slices", SIZE);
        arena = Arena.ofShared();
        slice = VolatileSlice.of(memory.map(arena));
        other = VolatileSlice.of(memory.map(arena));
    }

    @AfterEach
    void close() throws Exception {
        arena.close();
        memory.close();
    }

    @Test
    void whatOneWritesTheOtherReads() {
        slice.setByteVolatile(0, (byte) 1);
        slice.setByteRelease(1, (byte) -2);
        slice.setIntVolatile(4, 0x01020304);
        slice.setIntRelease(8, -5);
        slice.setLongVolatile(16, Long.MIN_VALUE);
        slice.setLongRelease(24, 0x0102030405060708L);

        assertThat(other.getByteVolatile(0)).isEqualTo((byte) 1);
        assertThat(other.getByteAcquire(1)).isEqualTo((byte) -2);
        assertThat(other.getIntVolatile(4)).isEqualTo(0x01020304);
        assertThat(other.getIntAcquire(8)).isEqualTo(-5);
        assertThat(other.getLongVolatile(16)).isEqualTo(Long.MIN_VALUE);
        assertThat(other.getLongAcquire(24)).isEqualTo(0x0102030405060708L);
    }

    @Test
    void valuesAreInNativeOrder() {
        slice.setIntVolatile(0, 0x01020304);
        byte[] bytes = new byte[4];
        slice.copyTo(0, bytes);

        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt())
                .isEqualTo(0x01020304);
    }

    @Test
    void compareAndSetChangesOnlyWhatWasExpected() {
        assertThat(slice.compareAndSetInt(0, 0, 7)).isTrue();
        assertThat(slice.compareAndSetInt(0, 0, 8)).isFalse();
        assertThat(other.getIntVolatile(0)).isEqualTo(7);
        assertThat(slice.compareAndSetLong(8, 0, -7)).isTrue();
        assertThat(slice.compareAndSetLong(8, 0, 8)).isFalse();
        assertThat(other.getLongVolatile(8)).isEqualTo(-7);
    }

    @Test
    void getAndAddGivesWhatWasThere() {
        assertThat(slice.getAndAddInt(0, 5)).isZero();
        assertThat(slice.getAndAddInt(0, -7)).isEqualTo(5);
        assertThat(other.getIntVolatile(0)).isEqualTo(-2);
        assertThat(slice.getAndAddLong(8, 1L << 40)).isZero();
        assertThat(other.getAndAddLong(8, 1)).isEqualTo(1L << 40);
    }

    @Test
    void noAdditionOfTwoThreadsIsLost() throws Exception {
        int rounds = 200_000;
        inParallel(() -> add(slice, rounds), () -> add(other, rounds));

        assertThat(slice.getIntVolatile(0)).isEqualTo(2 * rounds);
        assertThat(slice.getLongVolatile(8)).isEqualTo(2L * rounds);
        assertThat(slice.getIntVolatile(16)).isEqualTo(2 * rounds);
    }

    private static Void add(VolatileSlice slice, int rounds) {
        for (int i = 0; i < rounds; i++) {
            slice.getAndAddInt(0, 1);
            slice.getAndAddLong(8, 1);
            int before;
            do {
                before = slice.getIntVolatile(16);
            } while (!slice.compareAndSetInt(16, before, before + 1));
        }
        return null;
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // it yields for speed alone
    void whatWasWrittenBeforeAReleaseIsSeenAfterTheAcquire() throws Exception {
        int rounds = 100_000;
        // Fewer where the two have one processor, perhaps with others: each round waits for that twice.
        long atMost = 20_000_000_000L;
        int end = -1;
        long begin = System.nanoTime();
        inParallel(
                () -> {
                    for (int i = 1; i <= rounds && System.nanoTime() - begin < atMost; i++) {
                        while (slice.getIntAcquire(4) != i - 1) {
                            Thread.yield();
                        }
                        slice.copyFrom(32, new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)});
                        slice.setIntRelease(0, i);
                    }
                    while (slice.getIntAcquire(4) != slice.getIntAcquire(0)) {
                        Thread.yield();
                    }
                    slice.setIntRelease(0, end);
                    return null;
                },
                () -> {
                    byte[] bytes = new byte[3];
                    for (int i = 1; ; i++) {
                        int written = other.getIntAcquire(0);
                        while (written != i && written != end) {
                            Thread.yield();
                            written = other.getIntAcquire(0);
                        }
                        if (written == end) {
                            assertThat(i).as("rounds").isGreaterThan(1);
                            return null;
                        }
                        other.copyTo(32, bytes);
                        assertThat(bytes).isEqualTo(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)});
                        other.setIntRelease(4, i);
                    }
                });
    }

    private static void inParallel(Callable<Void> first, Callable<Void> second) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (Future<Void> result : threads.invokeAll(List.of(first, second))) {
                result.get();
            }
        }
    }

    @Test
    void bytesAreCopiedInAndOut() {
        slice.copyFrom(3, new byte[] {1, 2, 3});
        slice.copyFrom(6, MemorySegment.ofArray(new byte[] {4, 5}));

        byte[] all = new byte[10];
        other.copyTo(0, all);
        assertThat(all).containsExactly(0, 0, 0, 1, 2, 3, 4, 5, 0, 0);
        MemorySegment part = Arena.ofAuto().allocate(2);
        other.copyTo(5, part);
        assertThat(part.toArray(ValueLayout.JAVA_BYTE)).containsExactly(3, 4);
        slice.fill((byte) 9);
        assertThat(other.getLongVolatile(56)).isEqualTo(0x0909090909090909L);
    }

    @Test
    void bytesAreCopiedInAndOutOfAPartOfASegment() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5});
        slice.copyFrom(SIZE - 2, bytes, 1, 2);
        slice.copyFrom(0, bytes, 3, 2);
        byte[] read = new byte[6];
        other.copyTo(SIZE - 2, MemorySegment.ofArray(read), 1, 2);
        other.copyTo(0, MemorySegment.ofArray(read), 3, 3);
        other.copyTo(SIZE, MemorySegment.ofArray(read), 6, 0);

        assertThat(read).containsExactly(0, 2, 3, 4, 5, 0);
    }

    @Test
    void aPartHasItsOwnBounds() {
        VolatileSlice part = slice.subSlice(8, 16);
        part.setIntVolatile(4, 77);

        assertThat(part.size()).isEqualTo(16);
        assertThat(slice.getIntVolatile(12)).isEqualTo(77);
        assertThat(slice.offset(12).getIntVolatile(0)).isEqualTo(77);
        assertThat(slice.offset(12).size()).isEqualTo(SIZE - 12);
        assertThat(slice.offset(SIZE).size()).isZero();
        assertThat(slice.subSlice(SIZE, 0).size()).isZero();
        assertThat(part.asIobuf().address()).isEqualTo(slice.asIobuf().address() + 8);
        assertThatThrownBy(() -> part.getLongVolatile(16)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        List<ThrowingCallable> accesses = List.of(
                () -> slice.getByteVolatile(SIZE),
                () -> slice.getByteAcquire(-1),
                () -> slice.setByteVolatile(SIZE, (byte) 0),
                () -> slice.setByteRelease(Long.MAX_VALUE, (byte) 0),
                () -> slice.getIntVolatile(SIZE - 2),
                () -> slice.getIntAcquire(Long.MIN_VALUE),
                () -> slice.setIntVolatile(SIZE, 0),
                () -> slice.setIntRelease(-4, 0),
                () -> slice.compareAndSetInt(SIZE, 0, 0),
                () -> slice.getAndAddInt(SIZE, 0),
                () -> slice.getLongVolatile(SIZE - 4),
                () -> slice.getLongAcquire(SIZE),
                () -> slice.setLongVolatile(SIZE, 0),
                () -> slice.setLongRelease(-8, 0),
                () -> slice.compareAndSetLong(SIZE, 0, 0),
                () -> slice.getAndAddLong(SIZE, 0),
                () -> slice.copyTo(SIZE - 1, new byte[2]),
                () -> slice.copyTo(-1, MemorySegment.ofArray(new byte[1])),
                () -> slice.copyFrom(SIZE, new byte[1]),
                () -> slice.copyFrom(0, new byte[SIZE + 1]),
                () -> slice.copyTo(SIZE - 1, MemorySegment.ofArray(new byte[9]), 0, 2),
                () -> slice.copyTo(0, MemorySegment.ofArray(new byte[9]), 8, 2),
                () -> slice.copyTo(0, MemorySegment.ofArray(new byte[9]), 0, -1),
                () -> slice.copyFrom(SIZE - 1, MemorySegment.ofArray(new byte[9]), 0, 2),
                () -> slice.copyFrom(0, MemorySegment.ofArray(new byte[9]), 8, 2),
                () -> slice.copyFrom(0, MemorySegment.ofArray(new byte[9]), -1, 1),
                () -> slice.offset(SIZE + 1),
                () -> slice.offset(-1),
                () -> slice.subSlice(0, SIZE + 1),
                () -> slice.subSlice(1, -1),
                () -> slice.subSlice(SIZE, 1));

        for (int i = 0; i < accesses.size(); i++) {
            assertThatThrownBy(accesses.get(i)).as("access " + i).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatIsNotAlignedIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> slice.getIntVolatile(2));
        assertThatIllegalArgumentException().isThrownBy(() -> slice.setLongRelease(4, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> slice.compareAndSetLong(1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> slice.offset(1).getAndAddInt(0, 1));
    }

    @Test
    void theHeapIsNoPlaceForIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VolatileSlice.of(MemorySegment.ofArray(new byte[8])))
                .withMessageContaining("heap");
    }

    @Test
    void itEndsWithItsArena() {
        VolatileSlice gone;
        try (Arena shortLived = Arena.ofConfined()) {
            gone = VolatileSlice.of(shortLived.allocate(8));
        }
        assertThatThrownBy(() -> gone.getByteVolatile(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReadOnlyMappingIsNotWritten() throws Exception {
        VolatileSlice readOnly = VolatileSlice.of(slice.asIobuf().asReadOnly());

        assertThat(readOnly.getIntVolatile(0)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> readOnly.copyFrom(0, new byte[1]));
        assertThatThrownBy(() -> readOnly.setIntVolatile(0, 1)).isInstanceOf(RuntimeException.class);
        assertThat(slice.getIntVolatile(0)).isZero();
    }
}
