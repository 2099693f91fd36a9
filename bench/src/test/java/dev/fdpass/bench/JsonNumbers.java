package dev.fdpass.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What commands print with {@code --json}. */
public final class JsonNumbers {
    private JsonNumbers() {}

    /** The numbers in an object, by name; what is none is left out. */
    public static Map<String, Double> of(String object) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(object)) {
            while (json.nextToken() != null) {
                if (json.currentToken().isNumeric()) {
                    numbers.put(json.currentName(), json.getDoubleValue());
                }
            }
        }
        return numbers;
    }
}
