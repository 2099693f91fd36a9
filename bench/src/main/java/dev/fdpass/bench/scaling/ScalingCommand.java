package dev.fdpass.bench.scaling;

import dev.fdpass.bench.run.Plan;
import dev.fdpass.bench.run.Progress;
import dev.fdpass.bench.run.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/scaling}. */
@Command(
        name = "bench/scaling",
        header = "Measure what one more descriptor, byte or buffer of a message costs.",
        description = {
            "",
            "A stream passes messages of 1 to 253 descriptors, of 1 B to 1 MiB, and of 1 to 1024 buffers: by the message door"
                    + " of this library, by C, and by C with every trick (syscall, close_range), in alternating rounds of one"
                    + " thread. What the stream does not hold at once goes in turns of sending and receiving. The socket's"
                    + " buffer is the system's default (net.core.wmem_default), and is shown.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it was measured", "1:something failed", "2:the command line is wrong"})
public final class ScalingCommand implements Callable<Integer> {
    private static final Plan FULL = new Plan(150, 3, 200, 0);
    private static final Plan QUICK = new Plan(25, 1, 60, 0);
    private static final Path BUFFER = Path.of("/proc/sys/net/core/wmem_default");

    @Option(names = "--quick", description = "Half a minute instead of two or three: for a first look.")
    private boolean quick;

    @Option(names = "--json", description = "One line of JSON of each point, instead of tables.")
    private boolean json;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Also write scaling-tables.md, scaling.svg and scaling.json to this folder.")
    private @Nullable Path output;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /** Made by picocli and {@link #main}. */
    public ScalingCommand() {}

    /**
     * Measures, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ScalingCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Progress progress = Progress.ofProcess();
        List<Point> points;
        try {
            points = new Scaling(quick ? QUICK : FULL, progress).run(List.of(Panel.values()));
        } catch (UnavailableException e) {
            progress.say("scaling: without c there is nothing to compare with: " + e.getMessage());
            return 1;
        }
        String tables = "The socket's buffer holds " + socketBuffer() + " bytes (" + BUFFER.getFileName() + ").\n\n"
                + new ScalingTables(points).all();
        StringBuilder lines = new StringBuilder();
        for (Point point : points) {
            lines.append(point.json()).append('\n');
        }
        if (output != null) {
            Files.createDirectories(output);
            Files.writeString(output.resolve("scaling-tables.md"), tables);
            Files.writeString(output.resolve("scaling.json"), lines);
            ScalingChart.write(points, output.resolve("scaling.svg"));
            progress.say("scaling: wrote scaling-tables.md, scaling.svg and scaling.json to " + output);
        }
        System.out.print(json ? lines : tables);
        System.out.flush();
        return 0;
    }

    /** In one read: the second of such a file finds nothing. */
    private static String socketBuffer() throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(BUFFER)) {
            return reader.readLine();
        }
    }
}
