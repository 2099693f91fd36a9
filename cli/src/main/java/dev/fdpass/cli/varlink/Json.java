package dev.fdpass.cli.varlink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fdpass.cli.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as people and programs write it here: one value and nothing behind it, no name twice, numbers as they were written. */
final class Json {
    /** A little less than a message may have, which has the value in it. */
    private static final int DEEPEST = 250;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * Reads a value.
     *
     * @return a missing node if there is none at all
     * @throws IllegalArgumentException if it is no JSON; the message says why and where, without a subject
     */
    static JsonNode read(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : ", at character " + e.getLocation().getColumnNr();
            throw new IllegalArgumentException("no JSON" + where + ": " + e.getOriginalMessage(), e);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no JSON: a number has too large an exponent", e);
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(node.toString())) {
            throw new IllegalArgumentException("no JSON: it has half of a surrogate pair");
        }
        return node;
    }

    /** As {@link #read(String)}, of UTF-8. */
    static JsonNode read(byte[] text) {
        try {
            return read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("no JSON: it is not UTF-8", e);
        }
    }

    /** In a line, with what a terminal would obey as the escapes that JSON has for it: the same value. */
    static String line(JsonNode node) {
        return Printable.of(node.toString()) + "\n";
    }
}
