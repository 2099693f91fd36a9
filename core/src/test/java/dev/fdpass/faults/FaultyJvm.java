package dev.fdpass.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.OwnedFd;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.platform.commons.util.Preconditions;

/** The {@link FaultyProgram} in a JVM of its own. */
final class FaultyJvm implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private static final String GONE = "";

    private final Process process;
    private final Writer requests;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Thread reader;
    private final int thread;
    private final int carrier;

    /**
     * What a run of a scenario said.
     *
     * @param rounds how each ended
     * @param left what was left open
     * @param broken what else went wrong
     */
    record Run(List<String> rounds, List<String> left, List<String> broken) {}

    FaultyJvm(Path directory) throws IOException, InterruptedException {
        process = new ProcessBuilder(command())
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        requests = process.outputWriter(UTF_8);
        reader = Thread.ofPlatform().daemon().start(this::read);
        String[] threads = answer().split("\t", -1);
        thread = Integer.parseInt(threads[1]);
        carrier = Integer.parseInt(threads[2]);
    }

    /** A fixed heap and one collector: nothing that the traced thread does should make it ask the system for memory. */
    private static List<String> command() {
        String classPath = JavaProgram.classPathOf(
                OwnedFd.class,
                FaultyProgram.class,
                DescriptorLeakCheck.class,
                Assertions.class,
                BeforeEachCallback.class,
                Preconditions.class);
        return List.of(
                JavaProgram.tool("java"),
                "-Xms64m",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-Ddev.fdpass.parkingIdleMillis=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                FaultyProgram.class.getName());
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
            answers.add(GONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() throws InterruptedException {
        String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null || answer.equals(GONE)) {
            process.destroyForcibly();
            throw new AssertionError(answer == null ? "the program hangs" : "the program is gone");
        }
        return answer;
    }

    /** The number of the thread whose system calls are those of the operations of a scenario. */
    int thread(String scenario) {
        return scenario.startsWith(VirtualScenarios.VIRTUALLY) ? carrier : thread;
    }

    /** The number of the process. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Run run(int rounds, String scenario) throws IOException, InterruptedException {
        requests.write(rounds + "\t" + scenario + "\n");
        requests.flush();
        Run run = new Run(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        while (true) {
            String[] answer = answer().split("\t", -1);
            switch (answer[0]) {
                case "round" -> run.rounds.add(answer[2]);
                case "left" -> run.left.add(answer[1]);
                case "done" -> {
                    return run;
                }
                default -> run.broken.add(String.join(" ", answer));
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        try {
            requests.close();
        } catch (IOException e) {
            // What was not read any more.
        }
        try {
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
