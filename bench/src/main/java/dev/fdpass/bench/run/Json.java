package dev.fdpass.bench.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** A result as one line of JSON. What was not measured is left out. */
final class Json {
    private Json() {}

    static String line(Result result) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("work", result.work().toString());
            json.writeStringField("contender", result.contender());
            number(json, "medianNs", result.medianNs());
            number(json, "ratioToC", result.ratioToC());
            number(json, "ratioMin", result.ratioMin());
            number(json, "ratioMax", result.ratioMax());
            number(json, "ratioToRaw", result.ratioToRaw());
            number(json, "bytesPerOp", result.bytesPerOp());
            number(json, "p50Ns", result.p50());
            number(json, "p99Ns", result.p99());
            number(json, "p999Ns", result.p999());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (!Double.isNaN(value)) {
            json.writeNumberField(name, Math.round(value * 1000) / 1000.0);
        }
    }
}
