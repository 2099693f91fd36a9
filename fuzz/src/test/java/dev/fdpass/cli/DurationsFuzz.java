package dev.fdpass.cli;

import static dev.fdpass.fuzz.Inputs.check;

import dev.fdpass.fuzz.Inputs;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;

/** {@link Durations}, and the {@link Deadline} that is made of them. */
@DisplayName("Any text is a length of time that can be waited for, or is refused")
public final class DurationsFuzz {
    private static final Pattern SIMPLE = Pattern.compile("([0-9]+)(ms|s|m|h)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final BigInteger A_MILLION_YEARS = BigInteger.valueOf(365_000_000L * 24 * 3_600_000);

    private DurationsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = Inputs.text(input);
        Matcher simple = SIMPLE.matcher(text);
        BigInteger millis = simple.matches()
                ? new BigInteger(simple.group(1)).multiply(BigInteger.valueOf(MILLIS.get(simple.group(2))))
                : null;
        Duration duration;
        try {
            duration = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            check(e.getMessage().startsWith("'" + text + "' is no "), "the message is %s", e.getMessage());
            check(millis == null || millis.signum() == 0 || millis.compareTo(A_MILLION_YEARS) > 0, "refused %s", text);
            return;
        }
        check(!duration.isNegative() && !duration.isZero(), "%s is nothing", duration);
        check(
                millis == null ? text.charAt(0) == 'P' || text.charAt(0) == 'p' : isMillis(duration, millis),
                "%s is %s",
                text,
                duration);
        check(Durations.parse(duration.toString()).equals(duration), "%s is something else again", duration);
        Deadline.in(duration);
    }

    private static boolean isMillis(Duration duration, BigInteger millis) {
        return BigInteger.valueOf(duration.toSeconds())
                .multiply(BigInteger.valueOf(1000))
                .add(BigInteger.valueOf(duration.toMillisPart()))
                .equals(millis);
    }
}
