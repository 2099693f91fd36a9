package dev.fdpass.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench/run}. */
@Command(
        name = "bench/run",
        header = "Measure how fast descriptors pass: this library, C, and other libraries.",
        description = {
            "",
            "Every contender has one turn in every round, in rotating order, and its ratio to C is taken round by round. C is"
                    + " compiled by gcc and runs within the same process, on the same threads. Each launch is a JVM of its"
                    + " own; shown is the median over all launches.",
            "",
            "Works: W1 1 byte + 1 descriptor; W2 1 byte; W3 64-byte datagram + 4; W4 253 in one message; W5 4 KiB in 4"
                    + " buffers + 1; W6 ping-pong of two threads; W7 64-byte seqpackets, one thread to another; W8 32"
                    + " datagrams with 1 each; FRAME-THROUGHPUT and FRAME-LATENCY frames on a stream, beside W7 and W6.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:it was measured",
            "1:something failed, or --check has an objection",
            "2:the command line is wrong"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class RunCommand implements Callable<Integer> {
    private static final int LAUNCHES = 3;
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "Under two minutes, one launch: for a first look.")
    private boolean quick;

    @Option(
            names = "--works",
            split = ",",
            paramLabel = "W",
            description = "Only these, for instance W1,W3.",
            converter = WorkNames.class)
    private @Nullable List<Work> works;

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "NAME",
            description = "Only these, and c: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Names.class)
    private @Nullable List<String> contenders;

    @Option(names = "--launches", paramLabel = "N", description = "JVMs one after the other: 3, with --quick 1.")
    private @Nullable Integer launches;

    @Option(names = "--json", description = "One line of JSON of each work and contender, instead of tables.")
    private boolean json;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Also write performance-tables.md, performance.svg and performance.json to this folder.")
    private @Nullable Path output;

    @Option(
            names = "--check",
            description =
                    "End with status 1 if this library is slower against C than any noise explains, or the message door"
                            + " allocates anything. What looks so is measured again, for longer, and counts if it does"
                            + " every time.")
    private boolean check;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /** Works by the names that they are shown with. */
    static final class WorkNames implements CommandLine.ITypeConverter<Work> {
        @Override
        public Work convert(String name) {
            for (Work work : Work.values()) {
                if (work.toString().equals(name)) {
                    return work;
                }
            }
            throw new CommandLine.TypeConversionException("there are " + List.of(Work.values()));
        }
    }

    /** Names of contenders, for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Contenders.names().iterator();
        }
    }

    /**
     * Measures, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RunCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            return measure();
        } catch (LaunchFailedException e) {
            System.err.println("run: " + e.getMessage());
            return FAILED;
        }
    }

    private int measure() throws IOException, InterruptedException {
        int times = Objects.requireNonNullElse(launches, quick ? 1 : LAUNCHES);
        if (times < 1) {
            throw new ParameterException(spec.commandLine(), "--launches " + times + ": give 1 or more");
        }
        List<Work> chosen = works == null ? List.of(Work.values()) : works;
        List<String> names = chosenContenders();
        if (check && !Guard.watches(names)) {
            throw new ParameterException(spec.commandLine(), "--check: none of --contenders is of this library");
        }
        Measurement measurement = Measurement.launch(times, quick, chosen, names);
        if (output != null) {
            write(measurement, output);
        }
        if (json) {
            for (Result result : measurement.results()) {
                System.out.println(Json.line(result));
            }
        } else {
            System.out.print(new Tables(measurement).all());
        }
        System.out.flush();
        return check ? check(measurement, names) : 0;
    }

    private static int check(Measurement measurement, List<String> names) throws IOException, InterruptedException {
        System.err.println("run: " + Guard.compared(measurement.results()));
        List<String> objections = Guard.objections(measurement.results(), works -> {
            System.err.println("run: suspicious, measuring again for longer: " + works);
            return Measurement.launch(1, false, List.copyOf(works), names).results();
        });
        objections.forEach(objection -> System.err.println("run: " + objection));
        System.err.println(objections.isEmpty() ? "run: nothing is out of bounds" : "run: FAILED, see above");
        return objections.isEmpty() ? 0 : FAILED;
    }

    private static void write(Measurement measurement, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("performance-tables.md"), new Tables(measurement).all());
        StringBuilder lines = new StringBuilder();
        for (Result result : measurement.results()) {
            lines.append(Json.line(result)).append('\n');
        }
        Files.writeString(folder.resolve("performance.json"), lines);
        ChartFile.write(measurement, folder.resolve("performance.svg"));
        System.err.println("run: wrote performance-tables.md, performance.svg and performance.json to " + folder);
    }

    private List<String> chosenContenders() {
        if (contenders == null) {
            return Contenders.names();
        }
        for (String name : contenders) {
            if (!Contenders.names().contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--contenders " + name + ": there are " + String.join(", ", Contenders.names()));
            }
        }
        return Stream.concat(Stream.of(Contenders.FLOOR), contenders.stream())
                .distinct()
                .toList();
    }
}
