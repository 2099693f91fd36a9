package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;

/**
 * As much as can be said of an object that cannot be read: without its id, whoever waits for an answer to it, or for it as an
 * answer, would wait for ever.
 *
 * @param isAnswer whether it has an answer, and no method
 * @param id null of JSON if it has none, or none that can be read
 */
record Outline(boolean isAnswer, JsonNode id) {
    private static final int MOST_DIGITS = 100;

    /** Of no more than the frames let through; no value is looked at, so that none can be too much. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    /**
     * Looks at an object.
     *
     * @throws JsonProcessingException if it is no JSON
     */
    static Outline of(String object) throws JsonProcessingException {
        boolean hasMethod = false;
        boolean hasAnswer = false;
        int ids = 0;
        JsonNode id = NullNode.getInstance();
        try (JsonParser parser = FACTORY.createParser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "method" -> hasMethod = true;
                    case "result", "error" -> hasAnswer = true;
                    case "id" -> {
                        ids++;
                        id = id(parser);
                    }
                    default -> {}
                }
                parser.skipChildren();
            }
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException(e); // of a string
        }
        return new Outline(hasAnswer && !hasMethod, ids == 1 ? id : NullNode.getInstance());
    }

    private static JsonNode id(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> TextNode.valueOf(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
            default -> NullNode.getInstance();
        };
    }

    private static JsonNode number(String text) {
        try {
            return text.length() > MOST_DIGITS ? NullNode.getInstance() : Json.MAPPER.readTree(text);
        } catch (IOException | NumberFormatException e) {
            return NullNode.getInstance();
        }
    }
}
