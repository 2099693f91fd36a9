package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Allocation;
import org.junit.jupiter.api.Test;

/** The measure of what allocates nothing. */
class AllocationIsNoticedTest {
    @Test
    void oneObjectIsNoticed() {
        long[][] kept = new long[1][];
        long before = Allocation.bytes();
        kept[0] = new long[1];
        long after = Allocation.bytes();
        assertThat(kept[0]).hasSize(1);
        assertThat(after - before).isPositive();
    }
}
