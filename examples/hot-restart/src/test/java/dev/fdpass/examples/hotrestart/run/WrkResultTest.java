package dev.fdpass.examples.hotrestart.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkResultTest {
    @Test
    void everyKindOfErrorIsAFailure() {
        WrkResult result =
                WrkResult.parse("result requests=1000 micros=2000000 connect=1 read=20 write=300 timeout=4000"
                        + " status=50000 p50=150 p99=2500 max=9000");
        assertThat(result).isEqualTo(new WrkResult(1000, 2, 1, 20, 300, 4000, 50000, 0.15, 2.5, 9));
        assertThat(result.failures()).isEqualTo(54321);
    }

    @Test
    void aResultWithoutANumberIsNone() {
        assertThatThrownBy(() -> WrkResult.parse("result requests=1")).hasMessageContaining("micros");
    }
}
