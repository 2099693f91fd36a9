package dev.fdpass.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a command gives up: the option {@code --timeout}, for those that wait for others. */
public final class TimeLimit {
    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.ToDuration.class,
            description = "Give up after this time: 500ms, 5s, 2m, 1h, or ISO 8601 (PT1M30S). Default: never.")
    private @Nullable Duration timeout;

    /** picocli makes it, and sets it. */
    public TimeLimit() {}

    /** The time, or null. */
    @Nullable
    Duration timeout() {
        return timeout;
    }

    /**
     * Begins now.
     *
     * @return when it is over
     */
    public Deadline deadline() {
        return Deadline.in(timeout);
    }
}
