package dev.fdpass.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** The variables of {@code sd_watchdog_enabled(3)}. */
final class Watchdog {
    private static final String USEC = "WATCHDOG_USEC";
    private static final String PID = "WATCHDOG_PID";

    private Watchdog() {}

    static Optional<Duration> interval(Map<String, String> environment, long self) {
        String micros = environment.get(USEC);
        String pid = environment.get(PID);
        if (micros == null) {
            return Optional.empty();
        }
        if (pid != null && Decimal.parse(PID, pid, 1, Integer.MAX_VALUE, "the number of a process") != self) {
            return Optional.empty();
        }
        return Optional.of(Duration.of(
                Decimal.parse(USEC, micros, 1, Long.MAX_VALUE, "a time in microseconds"), ChronoUnit.MICROS));
    }
}
