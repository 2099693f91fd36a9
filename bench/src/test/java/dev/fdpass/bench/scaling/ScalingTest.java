package dev.fdpass.bench.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fdpass.bench.CommandRun;
import dev.fdpass.bench.run.Plan;
import dev.fdpass.bench.run.Progress;
import dev.fdpass.bench.run.UnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingTest {
    private static final Plan SHORTEST = new Plan(2, 1, 1, 0);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** Java keeps the files of its fonts, and the C library, open once they are loaded. */
    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        ScalingChart.write(points(), folder.resolve("first.svg"));
        try {
            new Scaling(SHORTEST, new Progress(new PrintStream(new ByteArrayOutputStream()), false)).run(List.of());
        } catch (UnavailableException e) {
            System.err.println(e.getMessage());
        }
    }

    /** Each lane checks by itself that all bytes and descriptors came, the largest message in several parts. */
    @Test
    void everySizeOfMessagePasses() throws IOException {
        List<Point> points;
        try {
            points = new Scaling(SHORTEST, new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false))
                    .run(List.of(Panel.values()));
        } catch (UnavailableException e) {
            abort(e.getMessage());
            return;
        }
        int sizes = 0;
        for (Panel panel : Panel.values()) {
            sizes += panel.counts().size();
        }
        assertThat(points).hasSize(sizes * Scaling.CONTENDERS.size()).allSatisfy(point -> {
            assertThat(point.medianNs()).isPositive();
            assertThat(point.ratioToC()).isPositive();
        });
        assertThat(points)
                .filteredOn(point -> point.contender().equals("c"))
                .allSatisfy(point -> assertThat(point.ratioToC()).isEqualTo(1));
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("scaling: ");
    }

    @Test
    void thePanelsReachTheLimits() {
        assertThat(Panel.FDS.counts()).startsWith(1).endsWith(253).isSorted();
        assertThat(Panel.BYTES.counts()).startsWith(1).endsWith(1 << 20).isSorted();
        assertThat(Panel.BUFFERS.counts()).startsWith(1).endsWith(1024).isSorted();
    }

    @Test
    void aPointIsALineOfJson() throws IOException {
        assertThat(new Point(Panel.FDS, 253, "fdpass", 26_360.5, 0.0987654, 0).json())
                .isEqualTo(
                        "{\"per\":\"fds\",\"count\":253,\"contender\":\"fdpass\",\"medianNs\":26360.5,\"nsOfOne\":104.192,"
                                + "\"ratioToC\":0.099,\"bytesPerMessage\":0.0}");
    }

    @Test
    void theTablesHaveARowOfEachSize() {
        assertThat(new ScalingTables(points()).all())
                .contains("1 byte and 1 to 253 descriptors:", "| 1,048,576 |")
                .containsPattern("\\| 253 +\\| 2\\.53 µs +\\| 10 ns +\\|");
    }

    @Test
    void theChartIsASmallSvgWhoseTextIsText(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("chart.svg");
        ScalingChart.write(points(), file);
        assertThat(Files.readString(file))
                .contains(
                        ">One more descriptor</text", ">ns per byte</text", ">1M</text", ">128</text", ">fdpass</text");
        assertThat(Files.size(file)).isLessThan(100_000);
    }

    @Test
    void helpAnswers() {
        CommandRun run = CommandRun.of(new ScalingCommand(), "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("--quick", "--json", "--output", "wmem_default");
    }

    private static List<Point> points() {
        List<Point> points = new ArrayList<>();
        for (Panel panel : Panel.values()) {
            for (int count : panel.counts()) {
                for (String contender : Scaling.CONTENDERS) {
                    points.add(new Point(panel, count, contender, 10.0 * count, 1, 0));
                }
            }
        }
        return points;
    }
}
