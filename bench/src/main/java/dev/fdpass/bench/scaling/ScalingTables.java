package dev.fdpass.bench.scaling;

import dev.fdpass.bench.run.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The points as Markdown tables, which a terminal shows as well. */
final class ScalingTables {
    private static final double MICRO = 1000;
    private static final double SMALL = 10;

    private final List<Point> points;

    ScalingTables(List<Point> points) {
        this.points = points;
    }

    String all() {
        StringBuilder text = new StringBuilder();
        for (Panel panel : Panel.values()) {
            if (points.stream().anyMatch(point -> point.panel() == panel)) {
                text.append(text.isEmpty() ? "" : "\n").append(panel.message()).append(":\n\n");
                text.append(table(panel));
            }
        }
        return text.toString();
    }

    private String table(Panel panel) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                panel.one() + "s",
                "fdpass, one message",
                "fdpass, one " + panel.one(),
                "c",
                "c-tricks",
                "fdpass to c",
                "bytes allocated"));
        for (int count : panel.counts()) {
            Point fdpass = find(panel, count, Scaling.FDPASS);
            rows.add(List.of(
                    String.format(Locale.ROOT, "%,d", count),
                    String.format(Locale.ROOT, "%.2f µs", fdpass.medianNs() / MICRO),
                    nanos(fdpass),
                    nanos(find(panel, count, Scaling.C_PLAIN)),
                    nanos(find(panel, count, Scaling.C_TRICKS)),
                    String.format(Locale.ROOT, "%.2f", fdpass.ratioToC()),
                    String.format(Locale.ROOT, "%,.0f", fdpass.bytesPerMessage())));
        }
        return Markdown.table(rows);
    }

    private static String nanos(Point point) {
        double nanos = point.nanosOfOne();
        return String.format(Locale.ROOT, nanos < SMALL ? "%.3f ns" : "%,.0f ns", nanos);
    }

    private Point find(Panel panel, int count, String contender) {
        return points.stream()
                .filter(point -> point.panel() == panel
                        && point.count() == count
                        && point.contender().equals(contender))
                .findFirst()
                .orElseThrow();
    }
}
