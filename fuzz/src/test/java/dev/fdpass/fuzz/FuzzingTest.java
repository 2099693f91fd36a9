package dev.fdpass.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fuzzes every target, {@code fuzz.seconds} in all. Says how often each ran, on the console and in
 * {@code target/fuzz/executions.txt}.
 */
@DisplayName("Fuzzing")
class FuzzingTest {
    private static final Path DIRECTORY = Path.of(System.getProperty("fuzz.directory"));
    private static final long SECONDS = Long.getLong("fuzz.seconds");
    private static final int SHORTEST = 2;
    private static final int LONGEST = 300;
    private static final int AT_ONCE = Runtime.getRuntime().availableProcessors();
    private static final int TELL_EVERY = 10;

    private record Run(FuzzTarget target, Jazzer jazzer, Future<Jazzer.Result> result) {}

    @TestFactory
    Stream<DynamicTest> targets() throws IOException {
        List<FuzzTarget> targets = FuzzTarget.all();
        long each = Math.max(SHORTEST, SECONDS * Math.min(AT_ONCE, targets.size()) / targets.size());
        Path report = Files.createDirectories(DIRECTORY).resolve("executions.txt");
        Files.deleteIfExists(report);

        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        List<Run> runs = new ArrayList<>();
        for (FuzzTarget target : targets) {
            Jazzer jazzer = new Jazzer(target.type(), DIRECTORY.resolve(target.name()), target.seedDirectory());
            runs.add(new Run(target, jazzer, workers.submit(() -> fuzz(target, jazzer, each))));
        }
        Thread progress = Thread.ofVirtual().start(() -> tellProgress(runs));
        return runs.stream()
                .map(run ->
                        dynamicTest(run.target().name() + ": " + run.target().fact(), () -> await(run, report)))
                .onClose(workers::shutdownNow)
                .onClose(progress::interrupt);
    }

    /** As long as it was asked for; but longer where that was over with the seeds, since the machine had other things to do. */
    private static Jazzer.Result fuzz(FuzzTarget target, Jazzer jazzer, long seconds) throws Exception {
        int seeds = target.seeds().size();
        Jazzer.Result result = jazzer.run(seconds);
        for (long more = 4 * seconds; hasOnlyBegun(result, seeds) && more <= LONGEST; more *= 4) {
            result = jazzer.run(more);
        }
        return result;
    }

    private static boolean hasOnlyBegun(Jazzer.Result result, int seeds) {
        return result.finding().isEmpty() && result.executions() <= seeds;
    }

    private static void await(Run run, Path report) throws Exception {
        Jazzer.Result result = run.result().get();
        String line = "fuzz: %-18s %,12d executions in %,4d s, new findings: %d"
                .formatted(
                        run.target().name(),
                        result.executions(),
                        result.seconds(),
                        result.finding().isEmpty() ? 0 : 1);
        System.out.println(line);
        Files.writeString(report, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(result.finding()).as(run.target().fact()).isEmpty();
        assertThat(result.executions())
                .as("executions: more than there are seeds")
                .isGreaterThan(run.target().seeds().size());
    }

    private static void tellProgress(List<Run> runs) {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(TELL_EVERY);
                long done = runs.stream().filter(run -> run.result().isDone()).count();
                long executions = runs.stream()
                        .mapToLong(run -> run.jazzer().executions())
                        .sum();
                System.out.printf("fuzz: %d of %d targets done, %,d executions%n", done, runs.size(), executions);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // all is done
        }
    }
}
