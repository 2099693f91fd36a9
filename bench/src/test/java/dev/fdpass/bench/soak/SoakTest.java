package dev.fdpass.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.bench.JsonNumbers;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few seconds of what {@code bench/soak} does for as long as one likes. */
class SoakTest {
    @TempDir
    private Path directory;

    @Test
    @DisplayName("R03 R08 R09 R16 S05: all types, both doors, too little room, killed senders: everything adds up")
    void everythingAddsUp() throws Exception {
        try (SoakProgram soak = start("--seconds", "5", "--seed", "1", "--json")) {
            assertThat(soak.await()).as(errors()).isZero();
        }
        assertThat(errors()).contains("--seed 1", "Everything adds up.");
        assertAddsUp(numbers());
        assertThat(errors())
                .containsPattern("[1-9][0-9,]* senders killed.* [1-9][0-9,]* timeouts, [1-9][0-9,]* attempts");
    }

    @Test
    void whenInterruptedItAccountsForWhatWasSentUntilThen() throws Exception {
        try (SoakProgram soak = start("--seconds", "600", "--json")) {
            // The second line of progress comes after five seconds; on a busy machine none may be passed by then.
            Waiting.until(
                    "descriptors that were passed for a while",
                    () -> errors().lines()
                                    .filter(line ->
                                            line.contains(" of 600 s") && !line.contains(" 0.00 million descriptors"))
                                    .count()
                            >= 2);
            soak.interrupt();
            assertThat(soak.await()).as("the status that belongs to SIGINT").isEqualTo(128 + 2);
        }
        assertAddsUp(numbers());
    }

    @Test
    void withoutJsonPeopleReadSentences() throws Exception {
        try (SoakProgram soak = start("--seconds", "1")) {
            assertThat(soak.await()).as(errors()).isIn(0, 1); // too short for the memory to have settled
        }
        assertThat(Files.readString(directory.resolve("output")))
                .containsPattern("[1-9][0-9,]* descriptors sent in .* taken .* closed .* truncated")
                .contains("open descriptors");
    }

    @Test
    void wrongCommandLinesAreRefused() throws Exception {
        try (SoakProgram soak = start("--seconds", "0.5")) {
            assertThat(soak.await()).isEqualTo(2);
        }
        assertThat(errors()).contains("--seconds 0.5: give 1 or more");
        try (SoakProgram soak = start()) {
            assertThat(soak.await()).isEqualTo(2);
        }
        assertThat(errors()).contains("--seconds");
    }

    private SoakProgram start(String... arguments) throws IOException {
        return SoakProgram.start(directory.resolve("output"), directory.resolve("errors"), arguments);
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    private static void assertAddsUp(Map<String, Double> numbers) {
        assertThat(numbers)
                .containsOnlyKeys(
                        "seconds",
                        "sent",
                        "taken",
                        "closed",
                        "truncated",
                        "fdsBefore",
                        "fdsAfter",
                        "rssWarmKiB",
                        "rssAfterKiB");
        assertThat(numbers.get("sent"))
                .isPositive()
                .isEqualTo(numbers.get("taken") + numbers.get("closed") + numbers.get("truncated"));
        assertThat(numbers.get("taken")).isPositive();
        assertThat(numbers.get("closed")).isPositive();
        assertThat(numbers.get("truncated")).isPositive();
        assertThat(numbers.get("fdsAfter")).isEqualTo(numbers.get("fdsBefore"));
    }

    /** What the only line of standard output says. */
    private Map<String, Double> numbers() throws IOException {
        String output = Files.readString(directory.resolve("output"));
        assertThat(output.lines()).as(errors()).hasSize(1);
        return JsonNumbers.of(output);
    }
}
