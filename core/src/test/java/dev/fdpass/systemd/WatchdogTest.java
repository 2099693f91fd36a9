package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogTest {
    @Test
    void theIntervalIsInMicroseconds() {
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "1500000"), 17)).contains(Duration.ofMillis(1500));
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "1", "WATCHDOG_PID", "17"), 17))
                .contains(Duration.ofNanos(1000));
    }

    @Test
    void withoutVariablesOrForAnotherProcessThereIsNone() {
        assertThat(Watchdog.interval(Map.of(), 17)).isEmpty();
        assertThat(Watchdog.interval(Map.of("WATCHDOG_PID", "17"), 17)).isEmpty();
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "1500000", "WATCHDOG_PID", "18"), 17))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "18446744073709551615", "1s"})
    void whatIsNoTimeIsSaid(String micros) {
        assertThatThrownBy(() -> Watchdog.interval(Map.of("WATCHDOG_USEC", micros), 17))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("WATCHDOG_USEC is \"" + micros + "\"; it must be a time in microseconds, 1 to");
    }
}
