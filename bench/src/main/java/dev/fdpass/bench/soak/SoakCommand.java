package dev.fdpass.bench.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench/soak}. */
@Command(
        name = "bench/soak",
        header = "Pass descriptors through all types of socket, and account for every one.",
        description = {
            "",
            "Streams, datagrams and seqpackets, with senders in this process and in others that are killed at random;"
                    + " random sizes, too little room, timeouts, attempts that do not wait. In the end what was sent must be"
                    + " what was taken, closed and truncated; /proc/self/fd as before; and the memory within 10 % of what"
                    + " it was after warming up (a third of the time, at most a minute).",
            "",
            "300 seconds pass more than 20 million descriptors. Ctrl-C ends it early, and it accounts for what was sent.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:everything adds up", "1:something does not, or it failed", "2:the command line is wrong"})
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class SoakCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            required = true,
            paramLabel = "N",
            description =
                    "How long, 1 or more. On a busy machine it goes on, up to two minutes before and two after it is warm,"
                            + " until senders were killed, waits timed out, and all else that always happens has happened.")
    private double seconds;

    @Option(names = "--json", description = "End standard output with one line of JSON, and write nothing else to it.")
    private boolean json;

    @Option(names = "--seed", paramLabel = "SEED", description = "For the same random choices as another time.")
    private @Nullable Long seed;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /**
     * Soaks, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SoakCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(seconds >= 1 && seconds <= Integer.MAX_VALUE)) {
            throw new ParameterException(spec.commandLine(), "--seconds " + seconds + ": give 1 or more");
        }
        long chosen = Objects.requireNonNullElseGet(seed, () -> new SplittableRandom().nextLong());
        System.err.println("soak: --seed " + chosen);
        Counts counts = new Counts();
        // Whether standard error is a terminal only the shell can tell.
        Progress progress = new Progress(System.err, Boolean.getBoolean("soak.terminal"), counts, seconds);
        Soak soak = new Soak(seconds, chosen, counts, progress);
        CountDownLatch accounted = new CountDownLatch(1);
        int[] status = {FAILED};
        // When told to end (Ctrl-C), the JVM ends after this, with the status that belongs to the signal.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            soak.stop();
            awaitUninterrupted(accounted);
            if (status[0] != 0) {
                Runtime.getRuntime().halt(status[0]);
            }
        }));
        try {
            status[0] = report(soak.run(), counts);
        } finally {
            accounted.countDown();
        }
        return status[0];
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int report(Outcome outcome, Counts counts) {
        PrintStream out = json ? System.err : System.out;
        out.printf(
                Locale.ROOT,
                "%,d descriptors sent in %.1f s = %,d taken + %,d closed + %,d truncated%n",
                outcome.sent(),
                outcome.seconds(),
                outcome.taken(),
                outcome.closed(),
                outcome.truncated());
        out.printf(
                Locale.ROOT,
                "%,d messages, %,d of them with less room for bytes; %,d descriptors identified by name%n",
                counts.messages.sum(),
                counts.payloadsTruncated.sum(),
                counts.identified.sum());
        out.printf(
                Locale.ROOT,
                "%,d conversations; %,d senders killed, %,d of them in mid-send; %,d timeouts, %,d attempts too early,"
                        + " %,d times too many in flight%n",
                counts.connections.sum(),
                counts.killed.sum(),
                counts.killedInMidSend.sum(),
                counts.timeouts.sum(),
                counts.wouldBlock.sum(),
                counts.tooManyInFlight.sum());
        out.printf(
                Locale.ROOT,
                "open descriptors %d before, %d after; resident %,d KiB warm, %,d KiB after (%+.1f %%); heap %,d KiB, %,d"
                        + " KiB%n",
                outcome.fdsBefore().size(),
                outcome.fdsAfter().size(),
                outcome.rssWarmKiB(),
                outcome.rssAfterKiB(),
                100.0 * (outcome.rssAfterKiB() - outcome.rssWarmKiB()) / outcome.rssWarmKiB(),
                outcome.heapWarmKiB(),
                outcome.heapAfterKiB());
        List<String> objections = outcome.objections();
        if (outcome.failure() != null) {
            outcome.failure().printStackTrace();
        }
        objections.forEach(objection -> System.err.println("soak: " + objection));
        if (objections.isEmpty()) {
            out.println("Everything adds up.");
        }
        if (json) {
            System.out.println(outcome.json());
            System.out.flush();
        }
        return objections.isEmpty() ? 0 : FAILED;
    }
}
