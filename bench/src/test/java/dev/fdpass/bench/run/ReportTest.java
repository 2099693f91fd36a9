package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Result C = new Result(Work.W1, "c", 1650, 1, 1, 1, 1, Double.NaN, 0, 1600, 14_000, 17_000);
    private static final Result OURS =
            new Result(Work.W1, "fdpass", 1617, 0.98, 0.9, 1.5, 0.97, Double.NaN, 0, 1590, 13_000, 16_000);
    private static final Result ELSEWHERE =
            new Result(Work.W3, "c", 2350, 1, 1, 1, 1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Java keeps the files of its fonts open once they are loaded. */
    @BeforeAll
    static void loadFonts(@TempDir Path folder) throws IOException {
        ChartFile.write(new Measurement(List.of(OURS, C), List.of()), folder.resolve("first.svg"));
    }

    @Test
    void aResultSurvivesTheWayFromItsLaunch() {
        assertThat(Result.parse(OURS.toLine())).isEqualTo(OURS);
        assertThat(Result.parse(ELSEWHERE.toLine())).isEqualTo(ELSEWHERE);
    }

    @Test
    void ofLaunchesTheMedianCountsAndTheExtremesOfAll() {
        Result slow = new Result(Work.W1, "fdpass", 3000, 1.4, 0.5, 9, 1.2, Double.NaN, 24, 1, 2, 3);
        Result middle = new Result(Work.W1, "fdpass", 2000, 1.1, 0.7, 2, 1.1, Double.NaN, 0, 1, 2, 3);
        Result all = Result.ofLaunches(List.of(slow, OURS, middle));
        assertThat(all.medianNs()).isEqualTo(2000);
        assertThat(all.ratioToC()).isEqualTo(1.1);
        assertThat(all.ratioMin()).isEqualTo(0.5);
        assertThat(all.ratioMax()).isEqualTo(9);
        assertThat(all.quickRatio()).isEqualTo(1.1);
        assertThat(all.bytesPerOp()).isZero();
    }

    @Test
    void jsonIsOneObject() throws IOException {
        assertThat(Json.line(OURS))
                .isEqualTo("{\"work\":\"W1\",\"contender\":\"fdpass\",\"medianNs\":1617.0,\"ratioToC\":0.98,"
                        + "\"ratioMin\":0.9,\"ratioMax\":1.5,\"bytesPerOp\":0.0,\"p50Ns\":1590.0,\"p99Ns\":13000.0,"
                        + "\"p999Ns\":16000.0}");
        assertThat(Json.line(ELSEWHERE)).doesNotContain("bytesPerOp", "p50", "NaN");
    }

    @Test
    void framesAreComparedWithPackets() throws IOException {
        Result frames = new Result(
                Work.FRAME_LATENCY, "fdpass-frames", 8000, 1.2, 1, 2, 1.1, 1.04, 0, Double.NaN, Double.NaN, Double.NaN);
        assertThat(Json.line(frames)).startsWith("{\"work\":\"FRAME-LATENCY\",").contains("\"ratioToRaw\":1.04");
        assertThat(Result.parse(frames.toLine())).isEqualTo(frames);
        assertThat(new Tables(new Measurement(List.of(frames), List.of())).all())
                .containsPattern("ratio to packets[^\n]+\n[^\n]+\n\\| fdpass-frames +\\| 1\\.04 +\\|");
    }

    @Test
    void whatAContenderCannotDoIsADash() {
        String tables = new Tables(new Measurement(List.of(OURS, C, ELSEWHERE), List.of("cpython: no python3"))).all();
        assertThat(tables)
                .containsPattern("\\| fdpass +\\| 0\\.98 \\(0\\.90–1\\.50\\) \\| +– +\\|")
                .contains("Missing: cpython: no python3")
                .contains("| 13,000 |");
    }

    @Test
    void theChartIsSvg(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("chart.svg");
        ChartFile.write(new Measurement(List.of(OURS, C, ELSEWHERE), List.of()), file);
        assertThat(Files.readString(file))
                .contains("<svg", ">fdpass</text", ">W3</text", ">1.0</text", ">median ratio to C</text", "</svg");
        assertThat(Files.size(file)).isLessThan(100_000);
    }
}
