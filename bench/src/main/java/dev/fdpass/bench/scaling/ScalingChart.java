package dev.fdpass.bench.scaling;

import dev.fdpass.bench.run.Svg;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;

/**
 * The points as one SVG: a panel for each thing that grows, both axes logarithmic. The chart is of the logarithms, since the
 * logarithmic axes of the library draw the outlines of their labels.
 */
final class ScalingChart {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 420;
    private static final List<Color> COLOURS = List.of(new Color(0xC0392B), new Color(0x2C3E50), new Color(0x95A5A6));

    private ScalingChart() {}

    static void write(List<Point> points, Path file) throws IOException {
        List<JFreeChart> charts = new ArrayList<>();
        for (Panel panel : Panel.values()) {
            charts.add(chart(panel, points));
        }
        double width = (double) WIDTH / charts.size();
        Svg.write(file, WIDTH, HEIGHT, graphics -> {
            for (int i = 0; i < charts.size(); i++) {
                charts.get(i).draw(graphics, new Rectangle2D.Double(i * width, 0, width, HEIGHT));
            }
        });
    }

    private static JFreeChart chart(Panel panel, List<Point> points) {
        XYSeriesCollection data = new XYSeriesCollection();
        for (String contender : Scaling.CONTENDERS) {
            XYSeries series = new XYSeries(contender);
            points.stream()
                    .filter(point -> point.panel() == panel && point.contender().equals(contender))
                    .forEach(point -> series.add(log2(point.count()), Math.log10(point.nanosOfOne())));
            data.addSeries(series);
        }
        String counts = panel.one() + "s in a message";
        String nanos = "ns per " + panel.one();
        JFreeChart chart = ChartFactory.createXYLineChart("One more " + panel.one(), counts, nanos, data);
        XYPlot plot = chart.getXYPlot();
        NumberAxis across = axis(counts, panel == Panel.BYTES ? 4 : 1, ScalingChart::count);
        NumberAxis up = axis(nanos, 1, ScalingChart::nanos);
        plot.setDomainAxis(across);
        plot.setRangeAxis(up);
        plot.setDomainGridlinePaint(Svg.grid());
        plot.setRangeGridlinePaint(Svg.grid());
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        renderer.setDrawSeriesLineAsPath(true); // one path instead of hundreds of lines
        renderer.setDrawOutlines(false);
        for (int i = 0; i < COLOURS.size(); i++) {
            renderer.setSeriesPaint(i, COLOURS.get(i));
            renderer.setSeriesShape(i, new Rectangle2D.Double(-1.5, -1.5, 3, 3));
        }
        plot.setRenderer(renderer);
        Svg.style(chart, across, up);
        return chart;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    private static NumberAxis axis(String label, int exponents, DoubleFunction<String> name) {
        NumberAxis axis = new NumberAxis(label);
        axis.setAutoRangeIncludesZero(false);
        axis.setTickUnit(new NumberTickUnit(exponents));
        axis.setNumberFormatOverride(new Names(name));
        return axis;
    }

    /** 1, 256, 4K, 1M. */
    private static String count(double exponent) {
        int of1024 = Math.clamp((long) exponent / 10, 0, 2);
        return Math.round(Math.pow(2, exponent) / Math.pow(1024, of1024))
                + List.of("", "K", "M").get(of1024);
    }

    /** 0.1, 1, 1000. */
    private static String nanos(double exponent) {
        double value = Math.pow(10, exponent);
        return exponent < 0 ? value + "" : Math.round(value) + "";
    }

    /** Names numbers. */
    private static final class Names extends NumberFormat {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // nobody writes it down
        private final DoubleFunction<String> name;

        Names(DoubleFunction<String> name) {
            this.name = name;
        }

        @Override
        public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
            return to.append(name.apply(number));
        }

        @Override
        public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
            return format((double) number, to, position);
        }

        @Override
        public @Nullable Number parse(String source, ParsePosition position) {
            throw new UnsupportedOperationException();
        }
    }
}
