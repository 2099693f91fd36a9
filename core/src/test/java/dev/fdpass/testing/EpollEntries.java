package dev.fdpass.testing;

import dev.fdpass.Poller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel says is registered with a poller. */
public final class EpollEntries {
    private static final Pattern NUMBER = Pattern.compile("fd (\\d+)");
    private static final Pattern ENTRY = Pattern.compile("tfd: *(\\d+) .*data: *(\\p{XDigit}+).*");
    private static final String WAKE_UP = "ffffffffffffffff";

    private EpollEntries() {}

    /** The numbers as they were when they were registered, without the one that is there to wake up. */
    public static List<Integer> numbers(Poller<?> poller) throws IOException {
        Matcher number = NUMBER.matcher(poller.toString());
        if (!number.find()) {
            throw new AssertionError(poller.toString());
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", number.group(1)))) {
            return lines.map(ENTRY::matcher)
                    .filter(Matcher::matches)
                    .filter(entry -> !entry.group(2).equals(WAKE_UP))
                    .map(entry -> Integer.valueOf(entry.group(1)))
                    .sorted()
                    .toList();
        }
    }
}
