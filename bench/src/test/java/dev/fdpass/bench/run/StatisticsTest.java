package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoInTheMiddle() {
        assertThat(Statistics.median(9, 1, 5)).isEqualTo(5);
        assertThat(Statistics.median(9, 1, 5, 6)).isEqualTo(5.5);
    }

    @Test
    void aPercentileIsAValueThatWasMeasured() {
        double[] values = new double[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = values.length - i;
        }
        assertThat(Statistics.percentile(0.5, values)).isEqualTo(500);
        assertThat(Statistics.percentile(0.99, values)).isEqualTo(990);
        assertThat(Statistics.percentile(0.999, values)).isEqualTo(999);
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        // A slow phase of the machine, which both were in, is in neither ratio.
        assertThat(Statistics.pairedRatios(new double[] {10, 100, 30}, new double[] {10, 50, 10}))
                .containsExactly(1, 2, 3);
    }

    @Test
    void roundsMustBeThoseOfBoth() {
        assertThatThrownBy(() -> Statistics.pairedRatios(new double[1], new double[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
