package dev.fdpass.bench.scaling;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;

/**
 * One point of the chart.
 *
 * @param panel what grows
 * @param count how many of them
 * @param contender who
 * @param medianNs of one message, sent, received and closed
 * @param ratioToC median of the ratios to C in the same round
 * @param bytesPerMessage allocated, the median of the rounds
 */
record Point(Panel panel, int count, String contender, double medianNs, double ratioToC, double bytesPerMessage) {
    /** Nanoseconds of one of what grows. */
    double nanosOfOne() {
        return medianNs / count;
    }

    /** One line of JSON. */
    String json() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("per", panel.name().toLowerCase(Locale.ROOT));
            json.writeNumberField("count", count);
            json.writeStringField("contender", contender);
            json.writeNumberField("medianNs", rounded(medianNs));
            json.writeNumberField("nsOfOne", rounded(nanosOfOne()));
            json.writeNumberField("ratioToC", rounded(ratioToC));
            json.writeNumberField("bytesPerMessage", rounded(bytesPerMessage));
            json.writeEndObject();
        }
        return text.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
