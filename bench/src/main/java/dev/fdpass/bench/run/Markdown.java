package dev.fdpass.bench.run;

import java.util.List;

/** Writes Markdown. */
public final class Markdown {
    private Markdown() {}

    /**
     * A table with columns of even width.
     *
     * @param rows the first is its head
     * @return the lines
     */
    public static String table(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            for (int column = 0; column < rows.get(i).size(); column++) {
                String cell = rows.get(i).get(column);
                text.append("| ").append(cell).repeat(" ", width(rows, column) - cell.length() + 1);
            }
            text.append("|\n");
            if (i == 0) {
                for (int column = 0; column < rows.get(0).size(); column++) {
                    text.append('|').repeat("-", width(rows, column) + (column == 0 ? 2 : 1));
                    text.append(column == 0 ? "" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
