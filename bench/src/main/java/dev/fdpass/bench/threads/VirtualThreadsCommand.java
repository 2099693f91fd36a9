package dev.fdpass.bench.threads;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fdpass.bench.run.Progress;
import dev.fdpass.bench.run.Statistics;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench/virtual-threads}. */
@Command(
        name = "bench/virtual-threads",
        header = "Measure round trips through many virtual threads, against the JDK's SocketChannel.",
        description = {
            "",
            "At one end of each connection a virtual thread waits, and sends back the byte that it receives. The other end"
                    + " is served by one thread, which sweeps through all connections: fdpass and the JDK in alternating"
                    + " rounds, and the ratio is taken round by round. Once that thread is a virtual one too, once not.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it was measured", "1:something failed", "2:the command line is wrong"})
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class VirtualThreadsCommand implements Callable<Integer> {
    private final Progress progress = Progress.ofProcess();

    @Option(names = "--threads", paramLabel = "N", description = "Connections of each: ${DEFAULT-VALUE}.")
    private int threads = 1000;

    @Option(names = "--rounds", paramLabel = "N", description = "Sweeps through all of them: ${DEFAULT-VALUE}.")
    private int rounds = 100;

    @Option(names = "--json", description = "One line of JSON of each measurement instead of text.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    VirtualThreadsCommand() {}

    /**
     * Measures, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new VirtualThreadsCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        check("--threads", threads);
        check("--rounds", rounds);
        try (Echoes fdpass = new FdpassEchoes(threads);
                Echoes jdk = new JdkEchoes(threads)) {
            progress.stage("virtual-threads: ");
            awaitAllParked(fdpass);
            awaitAllParked(jdk);
            say("virtual", onVirtualThread(() -> sweeps(fdpass, jdk)));
            say("platform", sweeps(fdpass, jdk));
        }
        return 0;
    }

    private void check(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " " + value + ": give 1 or more");
        }
    }

    /** Microseconds of one round trip, round by round. */
    private record Sweeps(List<Double> fdpass, List<Double> jdk) {}

    private Sweeps sweeps(Echoes fdpass, Echoes jdk) throws IOException {
        List<Echoes> both = List.of(fdpass, jdk);
        List<List<Double>> micros = List.of(new ArrayList<>(), new ArrayList<>());
        for (int round = -warmUp(); round < rounds; round++) {
            for (int i = 0; i < 2; i++) {
                int which = (i + round) & 1;
                double took = sweep(both.get(which));
                if (round >= 0) {
                    micros.get(which).add(took);
                }
            }
            progress.show(round < 0 ? "warming up" : "sweeping", round + warmUp() + 1, rounds + warmUp());
        }
        return new Sweeps(micros.getFirst(), micros.getLast());
    }

    private int warmUp() {
        return Math.max(1, rounds / 5);
    }

    private double sweep(Echoes echoes) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            echoes.roundTrip(i);
        }
        return (System.nanoTime() - begin) / 1e3 / threads;
    }

    private static Sweeps onVirtualThread(Callable<Sweeps> sweeps) throws InterruptedException, ExecutionException {
        FutureTask<Sweeps> task = new FutureTask<>(sweeps);
        Thread.startVirtualThread(task);
        return task.get();
    }

    private static void awaitAllParked(Echoes echoes) throws InterruptedException {
        for (Thread thread : echoes.threads()) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
    }

    private void say(String sweeper, Sweeps sweeps) throws IOException {
        progress.end();
        double[] fdpass = sweeps.fdpass.stream().mapToDouble(each -> each).toArray();
        double[] jdk = sweeps.jdk.stream().mapToDouble(each -> each).toArray();
        double[] ratios = Statistics.pairedRatios(fdpass, jdk);
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(line(sweeper, Statistics.median(fdpass), Statistics.median(jdk), ratios));
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "swept by a %s thread, %d connections: fdpass %.1f µs, JDK %.1f µs, ratio %.2f (%.2f–%.2f)%n",
                            sweeper,
                            threads,
                            Statistics.median(fdpass),
                            Statistics.median(jdk),
                            Statistics.median(ratios),
                            Statistics.least(ratios),
                            Statistics.most(ratios));
        }
    }

    private String line(String sweeper, double fdpass, double jdk, double... ratios) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("sweeper", sweeper);
            json.writeNumberField("threads", threads);
            json.writeNumberField("fdpassUs", rounded(fdpass));
            json.writeNumberField("jdkUs", rounded(jdk));
            json.writeNumberField("ratioToJdk", rounded(Statistics.median(ratios)));
            json.writeNumberField("ratioMin", rounded(Statistics.least(ratios)));
            json.writeNumberField("ratioMax", rounded(Statistics.most(ratios)));
            json.writeEndObject();
        }
        return text.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
