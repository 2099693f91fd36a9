package dev.fdpass.bench.run;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGSyntax;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.text.TextUtils;
import org.w3c.dom.Document;

/** Charts as SVG files in which text stays text. */
public final class Svg {
    private static final Color GRID = new Color(0xD0D0D0);
    private static final String FAMILY = Font.SANS_SERIF;
    private static final int PRECISION = 2;

    private Svg() {}

    /**
     * Writes a file.
     *
     * @param file where to
     * @param width of the picture
     * @param height of the picture
     * @param content draws it
     * @throws IOException if it cannot
     */
    public static void write(Path file, int width, int height, Consumer<Graphics2D> content) throws IOException {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setComment("made by dev.fdpass.bench");
        context.setPrecision(PRECISION);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        TextUtils.setUseDrawRotatedStringWorkaround(false); // which draws outlines
        graphics.setSVGCanvasSize(new Dimension(width, height));
        content.accept(graphics);
        try (Writer out = Files.newBufferedWriter(file)) {
            graphics.stream(out, true);
        }
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVGSyntax.SVG_NAMESPACE_URI, SVGSyntax.SVG_SVG_TAG, null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Plain colours and small letters on white.
     *
     * @param chart what to change
     * @param axes of it
     */
    public static void style(JFreeChart chart, Axis... axes) {
        chart.setBackgroundPaint(Color.WHITE);
        chart.setTextAntiAlias(false);
        chart.getTitle().setFont(new Font(FAMILY, Font.BOLD, 14));
        if (chart.getLegend() != null) {
            chart.getLegend().setItemFont(new Font(FAMILY, Font.PLAIN, 12));
            chart.getLegend().setFrame(BlockBorder.NONE);
        }
        Plot plot = chart.getPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlinePaint(GRID);
        for (Axis axis : axes) {
            axis.setLabelFont(new Font(FAMILY, Font.PLAIN, 12));
            axis.setTickLabelFont(new Font(FAMILY, Font.PLAIN, 10));
        }
    }

    /** {@return the colour of the lines behind a chart} */
    public static Color grid() {
        return GRID;
    }
}
