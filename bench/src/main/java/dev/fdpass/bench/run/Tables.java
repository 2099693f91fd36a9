package dev.fdpass.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The results as Markdown tables, which a terminal shows as well. */
final class Tables {
    private final Measurement measurement;
    private final List<Work> works;
    private final List<String> contenders;

    Tables(Measurement measurement) {
        this.measurement = measurement;
        works = measurement.results().stream()
                .map(Result::work)
                .distinct()
                .sorted()
                .toList();
        contenders = Contenders.names().stream()
                .filter(name -> measurement.results().stream()
                        .anyMatch(r -> r.contender().equals(name)))
                .toList();
    }

    String all() {
        StringBuilder text = new StringBuilder();
        for (Work work : works) {
            text.append(work).append(": ").append(work.what()).append('\n');
        }
        text.append(table("ratio to C, median (least–most)", this::ratio));
        if (works.stream().anyMatch(Work::isOfFrames)) {
            text.append(table("ratio to packets (raw), median", result -> twoDigits(result.ratioToRaw())));
        }
        text.append(table("median time of one", result -> micros(result.medianNs())));
        text.append(table("bytes allocated by one", result -> whole(result.bytesPerOp())));
        if (works.contains(Work.W1)) {
            text.append(percentiles());
        }
        measurement
                .missing()
                .forEach(line -> text.append("\nMissing: ").append(line).append('\n'));
        return text.toString();
    }

    private String ratio(Result result) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", result.ratioToC(), result.ratioMin(), result.ratioMax());
    }

    private static String twoDigits(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.2f µs", nanos / 1000);
    }

    private static String whole(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.0f", value);
    }

    private String table(String title, Function<Result, String> cell) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(title));
        works.forEach(work -> head.add(work.toString()));
        rows.add(head);
        for (String contender : contenders) {
            List<String> row = new ArrayList<>(List.of(contender));
            works.forEach(work -> row.add(find(work, contender).map(cell).orElse("–")));
            rows.add(row);
        }
        return "\n" + Markdown.table(rows);
    }

    private String percentiles() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("W1, one by one, ns", "p50", "p99", "p99.9"));
        for (String contender : contenders) {
            find(Work.W1, contender)
                    .ifPresent(result -> rows.add(
                            List.of(contender, whole(result.p50()), whole(result.p99()), whole(result.p999()))));
        }
        return "\n" + Markdown.table(rows);
    }

    private Optional<Result> find(Work work, String contender) {
        return measurement.results().stream()
                .filter(result -> result.work() == work && result.contender().equals(contender))
                .findFirst();
    }
}
