package dev.fdpass.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Rows of aligned columns under a heading; with colours on a terminal. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final List<Integer> right = new ArrayList<>();
    private final Map<String, String> styles = new HashMap<>();

    /**
     * A table without rows.
     *
     * @param columns their headings
     */
    public Table(String... columns) {
        rows.add(columns);
        for (String column : columns) {
            styles.put(column, "bold");
        }
    }

    /**
     * Aligns columns to the right.
     *
     * @param columns from 0
     * @return this
     */
    public Table alignRight(int... columns) {
        for (int column : columns) {
            right.add(column);
        }
        return this;
    }

    /**
     * Shows every cell with a certain text in a style.
     *
     * @param cell all of its text
     * @param style as picocli names it, such as {@code fg(green)}
     * @return this
     */
    public Table style(String cell, String style) {
        styles.put(cell, style);
        return this;
    }

    /**
     * Adds a row.
     *
     * @param cells as many as there are columns
     */
    public void row(String... cells) {
        rows.add(cells);
    }

    /** All lines, each with its end. */
    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            text.append(line(row, widths)).append(System.lineSeparator());
        }
        return text.toString();
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String space = " ".repeat(widths[i] - row[i].length());
            String cell = styled(row[i]);
            line.append(GAP).append(right.contains(i) ? space + cell : cell + space);
        }
        return line.toString().stripTrailing();
    }

    /** Only text of ours is styled: that of a peer might contain picocli's markup. */
    private String styled(String cell) {
        @Nullable String style = styles.get(cell);
        return style == null ? cell : Ansi.AUTO.new Text("@|" + style + " " + cell + "|@").toString();
    }
}
