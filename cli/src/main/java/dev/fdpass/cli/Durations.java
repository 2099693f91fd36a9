package dev.fdpass.cli;

import java.time.DateTimeException;
import java.time.Duration;

/** Lengths of time as people write them: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}, or ISO 8601. */
final class Durations {
    private Durations() {}

    /** A length of time of more than nothing; throws {@link IllegalArgumentException} with what is wrong. */
    static Duration parse(String text) {
        Duration duration;
        try {
            duration = text.startsWith("P") || text.startsWith("p") ? Duration.parse(text) : parseUnit(text);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no length of time; write it like 500ms, 5s, 2m, 1h or PT1M30S", e);
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time at all; leave the option out to wait as long as it takes");
        }
        return duration;
    }

    private static Duration parseUnit(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long count = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> throw new NumberFormatException(text);
        };
    }
}
