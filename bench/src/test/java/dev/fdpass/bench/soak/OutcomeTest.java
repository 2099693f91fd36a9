package dev.fdpass.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What does not add up is noticed, and said. */
class OutcomeTest {
    private static final Map<Integer, String> OPEN = Map.of(0, "/dev/null", 1, "pipe:[1]");

    @Test
    void allIsWell() {
        assertThat(outcome(10, 4, 5, 1, OPEN, 100_000, 109_000, 2_000, null).objections())
                .isEmpty();
    }

    @Test
    void oneDescriptorIsMissing() {
        assertThat(outcome(10, 4, 5, 0, OPEN, 100_000, 100_000, 2_000, null).objections())
                .singleElement()
                .asString()
                .contains("10 descriptors were sent", "are 9");
    }

    @Test
    void nothingWasSent() {
        assertThat(outcome(0, 0, 0, 0, OPEN, 100_000, 100_000, 2_000, null).objections())
                .containsExactly("nothing was sent");
    }

    @Test
    void oneDescriptorIsLeft() {
        Map<Integer, String> after = Map.of(0, "/dev/null", 1, "pipe:[1]", 7, "/memfd:leak");
        assertThat(outcome(10, 4, 5, 1, after, 100_000, 100_000, 2_000, null).objections())
                .singleElement()
                .asString()
                .contains("2 open descriptors before and 3 after", "7=/memfd:leak");
    }

    @Test
    void asManyDescriptorsButOneIsAnother() {
        Map<Integer, String> after = Map.of(0, "/dev/null", 1, "pipe:[2]");
        assertThat(outcome(10, 4, 5, 1, after, 100_000, 100_000, 2_000, null).objections())
                .singleElement()
                .asString()
                .contains("gone are {1=pipe:[1]}", "new are {1=pipe:[2]}");
    }

    @Test
    void memoryHasGrownOrShrunkByMoreThanATenth() {
        for (long after : new long[] {110_001, 89_999}) {
            assertThat(outcome(10, 4, 5, 1, OPEN, 100_000, after, 2_000, null).objections())
                    .singleElement()
                    .asString()
                    .contains("100000 KiB", after + " KiB");
        }
    }

    @Test
    void theHeapHasGrown() {
        assertThat(outcome(10, 4, 5, 1, OPEN, 100_000, 100_000, 7_000, null).objections())
                .singleElement()
                .asString()
                .contains("2000 KiB", "7000 KiB");
    }

    @Test
    void itFailed() {
        assertThat(outcome(10, 4, 5, 1, OPEN, 100_000, 100_000, 2_000, new IOException("for a reason"))
                        .objections())
                .singleElement()
                .asString()
                .contains("for a reason");
    }

    @Test
    void asJson() {
        assertThat(outcome(10, 4, 5, 1, OPEN, 100_000, 109_000, 2_000, null).json())
                .isEqualTo("{\"seconds\":1.2,\"sent\":10,\"taken\":4,\"closed\":5,\"truncated\":1,\"fdsBefore\":2,"
                        + "\"fdsAfter\":2,\"rssWarmKiB\":100000,\"rssAfterKiB\":109000}");
    }

    private static Outcome outcome(
            long sent,
            long taken,
            long closed,
            long truncated,
            Map<Integer, String> after,
            long rssWarm,
            long rssAfter,
            long heapAfter,
            Throwable failure) {
        return new Outcome(
                1.23, sent, taken, closed, truncated, OPEN, after, rssWarm, rssAfter, 2_000, heapAfter, failure);
    }
}
