package dev.fdpass.examples.sharedring.run;

import dev.fdpass.bench.run.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code examples/shared-ring/run}. */
@Command(
        name = "examples/shared-ring/run",
        header = "Measure a ring in shared memory between two JVMs against a socket between the same two.",
        description = {
            "",
            "Messages of several sizes go one way as fast as they can (STREAM), and there and back one at a time (PING_PONG)."
                    + " The receiver checks each of them. All ways have a turn in every round, and the order rotates. Shown are"
                    + " medians of all rounds, and median and spread of the ratios to the socket in the same round.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:it was measured, every message arrived as it was sent, and the other process has closed every descriptor",
            "1:something failed",
            "2:the command line is wrong"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class RunCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int KIBI = 1024;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--sizes",
            paramLabel = "SIZE",
            split = ",",
            defaultValue = "1K,4K,16K,64K,256K,1M",
            converter = Size.class,
            description = "Bytes of messages, with K or M for KiB or MiB; ${DEFAULT-VALUE} if not given.")
    private List<Integer> sizes;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "11",
            description = "In each of which every way has a turn; ${DEFAULT-VALUE} if not given.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "0.2",
            description = "How long a turn is; ${DEFAULT-VALUE} if not given.")
    private double seconds;

    @Option(
            names = "--contenders",
            paramLabel = "NAME",
            split = ",",
            converter = Name.class,
            description = "Some of ${COMPLETION-CANDIDATES}; all if not given. The socket is always there.",
            completionCandidates = Names.class)
    private List<Contender> contenders = List.of(Contender.values());

    @Option(
            names = "--capacity",
            paramLabel = "SIZE",
            defaultValue = "4M",
            converter = Size.class,
            description = "Bytes of a ring, a power of two; ${DEFAULT-VALUE} if not given.")
    private int capacity;

    @Option(
            names = "--spin",
            paramLabel = "MICROS",
            defaultValue = "20",
            description =
                    "How long the ring and socket-spin look again and again before they sleep; ${DEFAULT-VALUE} if not given.")
    private int spin;

    @Option(names = "--json", description = "End standard output with one line of JSON, and write nothing else to it.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /** Bytes, with K or M. */
    static final class Size implements CommandLine.ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            int unit = upper.endsWith("M") ? KIBI * KIBI : upper.endsWith("K") ? KIBI : 1;
            String number = unit == 1 ? text : text.substring(0, text.length() - 1);
            try {
                return Math.multiplyExact(Integer.parseInt(number), unit);
            } catch (ArithmeticException | NumberFormatException e) {
                throw new CommandLine.TypeConversionException("'" + text + "' is no size, such as 512, 64K or 1M");
            }
        }
    }

    /** A contender. */
    static final class Name implements CommandLine.ITypeConverter<Contender> {
        @Override
        public Contender convert(String text) {
            return Arrays.stream(Contender.values())
                    .filter(each -> each.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.TypeConversionException(
                            "'" + text + "': there are " + List.of(Contender.values())));
        }
    }

    /** Names of contenders, for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Contender.values()).map(Contender::toString).iterator();
        }
    }

    /**
     * Measures, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new RunCommand());
    }

    @Override
    public Integer call() throws InterruptedException {
        Plan plan = plan();
        Progress progress = Progress.ofProcess();
        progress.say("run: about " + plan.total().toSeconds() + " s: " + plan.contenders() + ", a ring of "
                + Figures.sizeInWords(plan.capacity()));
        try {
            Figures figures = new Figures(plan, Measuring.run(plan, progress));
            progress.end();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                progress.say(figures.tables());
                out.println(figures.json());
            } else {
                out.print(figures.tables());
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            progress.say("run: " + e);
            return FAILED;
        }
    }

    private Plan plan() {
        for (int size : sizes) {
            check("--sizes", size, Payload.UNIT, Payload.MOST_BYTES);
            if (size % Payload.UNIT != 0) {
                throw new ParameterException(
                        spec.commandLine(), "--sizes " + size + ": give multiples of " + Payload.UNIT);
            }
        }
        check("--rounds", rounds, 1, 10_000);
        check("--spin", spin, 0, 1_000_000);
        if (!(seconds >= 0.001 && seconds <= 60)) {
            throw new ParameterException(spec.commandLine(), "--seconds " + seconds + ": give 0.001 to 60");
        }
        int largest = sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
        if (Integer.bitCount(capacity) != 1 || capacity < 4096 || capacity < largest + Payload.UNIT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--capacity " + capacity
                            + ": give a power of two, at least 4K and more than the largest message has");
        }
        List<Contender> chosen = Stream.concat(contenders.stream(), Stream.of(Contender.SOCKET))
                .distinct()
                .sorted()
                .toList();
        return new Plan(
                sizes.stream().distinct().toList(),
                chosen,
                rounds,
                Duration.ofNanos((long) (seconds * 1e9)),
                capacity,
                Duration.ofNanos(spin * 1000L));
    }

    private void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(spec.commandLine(), option + " " + value + ": give " + least + " to " + most);
        }
    }
}
