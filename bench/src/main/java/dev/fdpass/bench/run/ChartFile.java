package dev.fdpass.bench.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The ratios as an SVG chart: a group of bars for each work, a bar for each contender. */
final class ChartFile {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 500;
    private static final double MOST = 3;

    private ChartFile() {}

    static void write(Measurement measurement, Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Time of one operation, C = 1")
                .yAxisTitle("median ratio to C")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setYAxisLogarithmic(false);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(MOST); // higher bars are cut: the tables have their numbers
        List<Work> works = measurement.results().stream()
                .map(Result::work)
                .distinct()
                .sorted()
                .toList();
        List<String> names = works.stream().map(Work::name).toList();
        for (String contender : Contenders.names()) {
            List<@Nullable Double> ratios = new ArrayList<>();
            for (Work work : works) {
                ratios.add(measurement.results().stream()
                        .filter(r -> r.work() == work && r.contender().equals(contender))
                        .map(Result::ratioToC)
                        .findFirst()
                        .orElse(null));
            }
            if (ratios.stream().anyMatch(ratio -> ratio != null)) {
                chart.addSeries(contender, names, ratios);
            }
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        }
    }
}
