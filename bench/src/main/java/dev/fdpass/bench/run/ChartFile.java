package dev.fdpass.bench.run;

import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** The ratios as an SVG chart: a group of bars for each work, a bar for each contender. */
final class ChartFile {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 500;
    private static final double MOST = 3;

    private ChartFile() {}

    static void write(Measurement measurement, Path file) throws IOException {
        DefaultCategoryDataset ratios = new DefaultCategoryDataset();
        List<Work> works = measurement.results().stream()
                .map(Result::work)
                .distinct()
                .sorted()
                .toList();
        for (String contender : Contenders.names()) {
            for (Work work : works) {
                measurement.results().stream()
                        .filter(r -> r.work() == work && r.contender().equals(contender))
                        .findFirst()
                        .ifPresent(result -> ratios.addValue(result.ratioToC(), contender, work));
            }
        }
        JFreeChart chart =
                ChartFactory.createBarChart("Time of one operation, C = 1", null, "median ratio to C", ratios);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.getRangeAxis().setRange(0, MOST); // higher bars are cut: the tables have their numbers
        plot.setRangeGridlinePaint(Svg.grid());
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0);
        Svg.style(chart, plot.getDomainAxis(), plot.getRangeAxis());
        Svg.write(file, WIDTH, HEIGHT, graphics -> chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT)));
    }
}
