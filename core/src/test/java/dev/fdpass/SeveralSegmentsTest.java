package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.memory.VolatileSlice;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code send_bufs_with_fd} and {@code recv_iovecs_with_fds} of the seed, for any memory. */
class SeveralSegmentsTest {
    @ParameterizedTest
    @EnumSource(SocketType.class)
    void areGatheredAndScattered(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create();
                Arena arena = Arena.ofConfined()) {
            MemorySegment ints = MemorySegment.ofArray(new int[] {1, 2});
            VolatileSlice slice = VolatileSlice.of(arena.allocateFrom(ValueLayout.JAVA_INT, 3));
            assertThat(pair.first().send(new AsIobuf[] {() -> ints, slice}, event))
                    .isEqualTo(12);

            MemorySegment first = arena.allocate(4);
            int[] rest = new int[2];
            AsIobuf[] room = {() -> first, () -> MemorySegment.ofArray(rest)};
            try (Received received = pair.second().receive(room, 1)) {
                assertThat(received.bytes()).isEqualTo(12);
                assertThat(received.fdCount()).isEqualTo(1);
            }
            assertThat(first.get(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
            assertThat(rest).containsExactly(2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void oneOfIntsOnTheHeapGoesToo(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.first().send(MemorySegment.ofArray(new int[] {5, 6})))
                    .isEqualTo(8);
            long[] there = new long[1];
            try (Received received = pair.second().receive(MemorySegment.ofArray(there), 0)) {
                assertThat(received.bytes()).isEqualTo(8);
            }
            assertThat(there[0]).isEqualTo((6L << 32) | 5);
        }
    }
}
