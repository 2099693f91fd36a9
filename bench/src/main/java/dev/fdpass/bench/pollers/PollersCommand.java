package dev.fdpass.bench.pollers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench/pollers}. */
@Command(
        name = "bench/pollers",
        header = "Measure what one thread pays for each ready socket, among many that are registered.",
        description = {
            "",
            "Stream sockets in pairs, both ends registered to be read, with this library's Poller and with the JDK's"
                    + " Selector. 10, 100, 1,000 and all of them are made ready by a byte, far apart and other ones each"
                    + " time. Timed is every await, and every await with receiving what it found, divided by how many it"
                    + " found. Both have a turn in every round, with new sockets. Shown is the median of a round's awaits,"
                    + " of that the median over all rounds, and the median ratio to the same round with 10.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it was measured", "1:something failed", "2:the command line is wrong"})
public final class PollersCommand implements Callable<Integer> {
    /** Besides the sockets: the JVM's own, those of the pollers, and a few more. */
    private static final int OTHER_DESCRIPTORS = 200;

    private static final int FEWEST_READY = 10;

    private static final int WARM_UP_ROUNDS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--sockets", paramLabel = "N", description = "So many are registered: ${DEFAULT-VALUE}.")
    private int sockets = 10_000;

    @Option(names = "--rounds", paramLabel = "N", description = "So many: ${DEFAULT-VALUE}.")
    private int rounds = 25;

    @Option(names = "--same", description = "Make the same ones ready each time: their memory stays in the caches.")
    private boolean same;

    @Option(names = "--json", description = "One line of JSON for each number, instead of a table.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /**
     * Measures, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PollersCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (sockets < FEWEST_READY || sockets % FEWEST_READY != 0) {
            throw new ParameterException(
                    spec.commandLine(), "--sockets " + sockets + ": give a multiple of " + FEWEST_READY);
        }
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds " + rounds + ": give 1 or more");
        }
        checkLimit();
        List<Cell> cells = new ArrayList<>();
        for (Work work : Work.values()) {
            for (Crowd.Maker maker : Crowd.Maker.values()) {
                for (int ready : readyCounts()) {
                    cells.add(new Cell(work, maker, sockets, ready, same, rounds));
                }
            }
        }
        measure(cells);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? lines(cells) : table(cells));
        out.flush();
        return 0;
    }

    private void checkLimit() throws IOException {
        long needed = (long) sockets + OTHER_DESCRIPTORS;
        long limit = Limit.openFiles();
        if (limit < needed) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--sockets " + sockets + ": needs " + needed + " descriptors, and this process may have " + limit
                            + "; give at most " + (limit - OTHER_DESCRIPTORS) / FEWEST_READY * FEWEST_READY
                            + ", or raise the limit (ulimit -Hn)");
        }
    }

    private int[] readyCounts() {
        return IntStream.of(FEWEST_READY, 100, 1_000, sockets)
                .filter(count -> count <= sockets && sockets % count == 0)
                .distinct()
                .toArray();
    }

    private void measure(List<Cell> cells) throws IOException {
        List<Crowd.Maker> makers = new ArrayList<>(List.of(Crowd.Maker.values()));
        long shown = System.nanoTime();
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (Crowd.Maker maker : makers) {
                List<Cell> of =
                        cells.stream().filter(cell -> cell.maker() == maker).toList();
                try (Crowd crowd = maker.open(sockets)) {
                    of.getLast().round(crowd, -1); // touches every socket once
                    for (int j = 0; j < of.size(); j++) {
                        of.get(Math.floorMod(round + j, of.size())).round(crowd, round);
                    }
                }
            }
            Collections.rotate(makers, 1);
            if (System.nanoTime() - shown > 1_000_000_000) {
                shown = System.nanoTime();
                say(round < 0 ? "warming up…" : "round " + (round + 1) + " of " + rounds + "…");
            }
        }
    }

    private void say(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("pollers: " + what);
        err.flush();
    }

    private static Cell fewest(List<Cell> cells, Cell like) {
        return cells.stream()
                .filter(cell ->
                        cell.work() == like.work() && cell.maker() == like.maker() && cell.ready() == FEWEST_READY)
                .findFirst()
                .orElseThrow();
    }

    private String table(List<Cell> cells) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d sockets registered; ns for each ready one (ratio to %d ready)%n%n",
                sockets,
                FEWEST_READY));
        text.append("| |");
        for (int ready : readyCounts()) {
            text.append(String.format(Locale.ROOT, " %,d ready |", ready));
        }
        text.append("\n|---|").append("---:|".repeat(readyCounts().length)).append('\n');
        for (Work work : Work.values()) {
            for (Crowd.Maker maker : Crowd.Maker.values()) {
                text.append("| ")
                        .append(work.title())
                        .append(", ")
                        .append(maker.title())
                        .append(" |");
                for (Cell cell : cells) {
                    if (cell.work() == work && cell.maker() == maker) {
                        text.append(String.format(
                                Locale.ROOT, " %,.0f (%.2f) |", cell.medianNanos(), cell.ratioTo(fewest(cells, cell))));
                    }
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private String lines(List<Cell> cells) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Cell cell : cells) {
            StringWriter line = new StringWriter();
            try (JsonGenerator generator = new JsonFactory().createGenerator(line)) {
                generator.writeStartObject();
                generator.writeStringField("work", cell.work().title());
                generator.writeStringField("contender", cell.maker().title());
                generator.writeNumberField("sockets", sockets);
                generator.writeNumberField("ready", cell.ready());
                generator.writeNumberField("nsPerReady", Math.round(cell.medianNanos() * 10) / 10.0);
                generator.writeNumberField(
                        "ratioTo" + FEWEST_READY, Math.round(cell.ratioTo(fewest(cells, cell)) * 1000) / 1000.0);
                generator.writeEndObject();
            }
            lines.append(line).append('\n');
        }
        return lines.toString();
    }
}
