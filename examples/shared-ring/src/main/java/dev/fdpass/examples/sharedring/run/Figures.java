package dev.fdpass.examples.sharedring.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fdpass.bench.run.Markdown;
import dev.fdpass.bench.run.Statistics;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What came out, as tables and as JSON. */
final class Figures {
    private static final double MICRO = 1e3;
    private static final double MEGA = 1e6;
    private static final int KIBI = 1024;

    private final Plan plan;
    private final List<Result> results;

    Figures(Plan plan, List<Result> results) {
        this.plan = plan;
        this.results = results;
    }

    // ---- Tables

    String tables() {
        return "STREAM: " + Work.STREAM.what() + ". PING_PONG: " + Work.PING_PONG.what() + ".\n"
                + table(Work.STREAM, "STREAM, million bytes/s", result -> number(result.bytesPerSecond() / MEGA))
                + table(Work.STREAM, "STREAM, messages/s", result -> number(result.messagesPerSecond()))
                + table(Work.STREAM, "STREAM, speed to socket, median (least–most)", this::ratio)
                + table(Work.PING_PONG, "PING_PONG, p50 µs", result -> micros(result.median()))
                + table(Work.PING_PONG, "PING_PONG, p99 µs", result -> micros(result.medianTail()))
                + table(Work.PING_PONG, "PING_PONG, p50 to socket, median (least–most)", this::ratio);
    }

    private String table(Work work, String title, Function<Result, String> cell) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(title));
        plan.contenders().forEach(contender -> head.add(contender.toString()));
        rows.add(head);
        for (int size : plan.sizes()) {
            List<String> row = new ArrayList<>(List.of(sizeInWords(size)));
            plan.contenders().forEach(contender -> row.add(cell.apply(find(work, size, contender))));
            rows.add(row);
        }
        return "\n" + Markdown.table(rows);
    }

    private Result find(Work work, int size, Contender contender) {
        return results.stream()
                .filter(result -> result.work() == work && result.size() == size && result.contender() == contender)
                .findFirst()
                .orElseThrow();
    }

    private Result socketLike(Result result) {
        return find(result.work(), result.size(), Contender.SOCKET);
    }

    private String ratio(Result result) {
        double[] ratios = result.ratiosTo(socketLike(result));
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f–%.2f)",
                Statistics.median(ratios),
                Statistics.least(ratios),
                Statistics.most(ratios));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / MICRO);
    }

    static String sizeInWords(int size) {
        if (size % (KIBI * KIBI) == 0) {
            return size / (KIBI * KIBI) + " MiB";
        }
        return size % KIBI == 0 ? size / KIBI + " KiB" : size + " bytes";
    }

    // ---- JSON

    /** One line. */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("rounds", plan.rounds());
            out.writeNumberField("capacity", plan.capacity());
            out.writeNumberField("spinMicros", plan.spin().toNanos() / MICRO);
            out.writeArrayFieldStart("results");
            for (Result result : results) {
                write(out, result);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not when writing to memory
        }
        return text.toString();
    }

    private void write(JsonGenerator out, Result result) throws IOException {
        double[] ratios = result.ratiosTo(socketLike(result));
        out.writeStartObject();
        out.writeStringField("work", result.work().name());
        out.writeNumberField("bytes", result.size());
        out.writeStringField("contender", result.contender().toString());
        if (result.work() == Work.STREAM) {
            out.writeNumberField("messagesPerSecond", Math.round(result.messagesPerSecond()));
            out.writeNumberField("bytesPerSecond", Math.round(result.bytesPerSecond()));
        } else {
            out.writeNumberField("p50Ns", Math.round(result.median()));
            out.writeNumberField("p99Ns", Math.round(result.medianTail()));
        }
        out.writeNumberField("ratioToSocket", rounded(Statistics.median(ratios)));
        out.writeNumberField("ratioLeast", rounded(Statistics.least(ratios)));
        out.writeNumberField("ratioMost", rounded(Statistics.most(ratios)));
        out.writeEndObject();
    }

    private static double rounded(double ratio) {
        return Math.round(ratio * 1000) / 1000.0;
    }
}
