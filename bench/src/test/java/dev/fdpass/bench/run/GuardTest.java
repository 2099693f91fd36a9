package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
    private final List<Set<Work>> measuredAgain = new ArrayList<>();

    /** Ratios of a quiet machine and of a busy one, which must pass. */
    @ParameterizedTest
    @CsvSource({
        "W1, fdpass, 1.10", "W1, fdpass, 1.19", "W2, fdpass, 1.13", "W3, fdpass, 0.69", "W3, fdpass, 1.15",
        "W4, fdpass, 0.09", "W4, fdpass, 0.50", "W5, fdpass, 1.18", "W5, fdpass, 1.33", "W6, fdpass, 1.07",
        "W6, fdpass, 1.50", "W7, fdpass, 0.92", "W7, fdpass, 1.61", "W8, fdpass, 1.15", "W8, fdpass-batch, 0.22",
        "W7, fdpass-spin, 14", "W1, fdpass-convenient, 2", "W1, netty, 3"
    })
    void noiseIsLetPassAtOnce(Work work, String contender, double ratio) throws Exception {
        assertThat(objections(result(work, contender, ratio, 0))).isEmpty();
        assertThat(measuredAgain).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "W1, fdpass, 1.31",
        "W2, fdpass, 1.5",
        "W3, fdpass, 1.5",
        "W4, fdpass, 1",
        "W5, fdpass, 1.6",
        "W6, fdpass, 4",
        "W7, fdpass, 5",
        "W8, fdpass, 1.6",
        "W8, fdpass-batch, 1",
        "W1, fdpass, NaN"
    })
    void tooSlowEveryTimeIsNamedWithItsBound(Work work, String contender, double ratio) throws Exception {
        Result slow = result(work, contender, ratio, 0);
        assertThat(objections(slow, slow))
                .singleElement()
                .asString()
                .startsWith(work + " " + contender + ": ")
                .contains("times as long as C (", " in the quicker rounds), more than ");
        assertThat(measuredAgain).hasSize(Guard.MOST_AGAIN).containsOnly(Set.of(work));
    }

    @Test
    void slowOnlyInSomeRoundsIsNoise() throws Exception {
        assertThat(objections(result(Work.W1, "fdpass", 1.57, 1.13, 0))).isEmpty();
        assertThat(objections(result(Work.W1, "fdpass", 1.10, 1.5, 0))).isEmpty();
        assertThat(measuredAgain).isEmpty();
    }

    @Test
    void onceTooSlowIsNoise() throws Exception {
        assertThat(objections(result(Work.W1, "fdpass", 1.9, 0), result(Work.W1, "fdpass", 1.2, 0)))
                .isEmpty();
        assertThat(measuredAgain).containsExactly(Set.of(Work.W1));
    }

    @Test
    void quickTheLastTimeIsNoiseBefore() throws Exception {
        Result slow = result(Work.W1, "fdpass", 1.9, 0);
        assertThat(Guard.objections(List.of(slow), works -> {
                    measuredAgain.add(works);
                    return List.of(measuredAgain.size() == Guard.MOST_AGAIN ? result(Work.W1, "fdpass", 1.2, 0) : slow);
                }))
                .isEmpty();
        assertThat(measuredAgain).hasSize(Guard.MOST_AGAIN);
    }

    @ParameterizedTest
    @CsvSource({"fdpass, 40", "fdpass-batch, 0.5", "fdpass-spin, 1", "fdpass, NaN"})
    void theMessageDoorMustAllocateNothing(String contender, double bytes) throws Exception {
        Result allocates = result(Work.W8, contender, 0.2, bytes);
        assertThat(objections(allocates, allocates))
                .singleElement()
                .asString()
                .contains("allocates " + bytes + " bytes");
    }

    @Test
    void othersMayAllocate() throws Exception {
        assertThat(objections(result(Work.W1, "fdpass-convenient", 1, 432))).isEmpty();
        assertThat(objections(result(Work.W1, "netty", 1, 24))).isEmpty();
        assertThat(objections(result(Work.W1, "cpython", 1, Double.NaN))).isEmpty();
    }

    /** Of two that were suspicious one is so again, in whatever way. */
    @Test
    void eachSuspectIsJudgedByItsOwnSecondTime() throws Exception {
        List<Result> first = List.of(result(Work.W1, "fdpass", 2, 0), result(Work.W3, "fdpass", 1, 40));
        List<Result> second = List.of(result(Work.W1, "fdpass", 1, 16), result(Work.W3, "fdpass", 1, 0));
        assertThat(Guard.objections(first, works -> second))
                .containsExactly(
                        "W1 fdpass: allocates 16.0 bytes each time; the first time: 2.00 times as long as C (2.00 in the"
                                + " quicker rounds), more than 1.30");
    }

    @Test
    void whoIsMissingTheSecondTimeIsNotAcquitted() throws Exception {
        assertThat(Guard.objections(List.of(result(Work.W1, "fdpass", 2, 0)), works -> List.of()))
                .hasSize(1);
    }

    @Test
    void itSaysWhatItComparedWithWhat() {
        assertThat(Guard.compared(List.of(result(Work.W1, "fdpass", 1.1, 0), result(Work.W7, "fdpass-spin", 9, 0))))
                .isEqualTo("ratios to C: W1 fdpass 1.10 (most 1.30); must allocate nothing: W1 fdpass, W7 fdpass-spin");
    }

    @Test
    void withNobodyOfThisLibraryThereIsNothingToCheck() {
        assertThat(Guard.watches(List.of("c", "netty", "fdpass-convenient"))).isFalse();
        assertThat(Guard.watches(List.of("c", "fdpass-batch"))).isTrue();
    }

    private List<String> objections(Result first, Result... second) throws Exception {
        return Guard.objections(List.of(first), works -> {
            measuredAgain.add(works);
            return List.of(second);
        });
    }

    private static Result result(Work work, String contender, double ratio, double bytes) {
        return result(work, contender, ratio, ratio, bytes);
    }

    private static Result result(Work work, String contender, double ratio, double quick, double bytes) {
        return new Result(
                work,
                contender,
                1000,
                ratio,
                ratio,
                ratio,
                quick,
                Double.NaN,
                bytes,
                Double.NaN,
                Double.NaN,
                Double.NaN);
    }
}
