package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Allocation;
import org.junit.jupiter.api.Test;

/** The measure of what allocates nothing. */
class AllocationIsNoticedTest {
    private static final long PATIENCE_NANOS = 1_000_000_000;

    @Test
    void oneObjectInAThousandTurnsIsNoticed() {
        long[][] kept = new long[1][];
        int[] turns = new int[1];
        assertThatThrownBy(() -> Allocation.assertAllocatesNothing(
                        () -> {
                            if (++turns[0] % 1_000 == 0) {
                                kept[0] = new long[1];
                            }
                        },
                        PATIENCE_NANOS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the best window: 24 bytes");
    }
}
