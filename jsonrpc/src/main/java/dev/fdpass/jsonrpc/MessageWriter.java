package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Writes messages. */
final class MessageWriter {
    private static final ObjectWriter ESCAPED = Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private MessageWriter() {}

    /**
     * Writes a request, or a notification.
     *
     * @param id null for a notification
     * @param params what becomes an object or an array; null for none
     * @throws IllegalArgumentException if the params become anything else, or nothing
     */
    static byte[] request(@Nullable Long id, String method, @Nullable Object params, int fds) {
        ObjectNode root = begin();
        root.put("method", method);
        JsonNode node = tree(params);
        if (node.isContainerNode()) {
            root.set("params", node);
        } else if (!node.isNull()) {
            throw new IllegalArgumentException("the params become " + node.getNodeType()
                    + " in JSON; give what becomes an object or an array (a record, a map, a list), or null for none");
        }
        if (id != null) {
            root.put("id", id);
        }
        return bytes(root, fds);
    }

    /**
     * Writes an answer.
     *
     * @throws IllegalArgumentException if the result cannot become JSON
     */
    static byte[] result(JsonNode id, @Nullable Object result, int fds) {
        ObjectNode root = begin();
        root.set("result", tree(result));
        root.set("id", id);
        return bytes(root, fds);
    }

    /** Writes an error as the answer. */
    static byte[] error(JsonNode id, int code, String message, @Nullable JsonNode data) {
        ObjectNode root = begin();
        ObjectNode error = root.putObject("error");
        error.put("code", code);
        error.put("message", message);
        if (data != null) {
            error.set("data", data);
        }
        root.set("id", id);
        return bytes(root, 0);
    }

    /** Writes the last thing that is said to a peer with whom nothing can be matched any more. */
    static byte[] fatal(@Nullable String why) {
        return error(
                JsonNodeFactory.instance.nullNode(),
                JsonRpcException.FILE_DESCRIPTOR_ERROR,
                "File Descriptor Error",
                JsonNodeFactory.instance.textNode(why));
    }

    private static ObjectNode begin() {
        return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    }

    private static JsonNode tree(@Nullable Object value) {
        if (value == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        JsonNode node = value instanceof JsonNode already ? already : Json.MAPPER.valueToTree(value);
        checkNumbers(node);
        return node == null || node.isMissingNode() ? JsonNodeFactory.instance.nullNode() : node;
    }

    /** Jackson writes NaN without quotes, which is no JSON. */
    private static void checkNumbers(@Nullable JsonNode node) {
        if (node == null) {
            return;
        }
        if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
            throw new IllegalArgumentException(
                    "it cannot be written as JSON: a number is infinite, or none (NaN), which JSON has not");
        }
        for (JsonNode inner : node) {
            checkNumbers(inner);
        }
    }

    private static byte[] bytes(ObjectNode root, int fds) {
        if (fds > 0) {
            root.put("fds", fds);
        }
        try {
            try {
                return Json.MAPPER.writeValueAsBytes(root);
            } catch (JsonGenerationException e) {
                // Half of a surrogate pair, which is text of JSON, but nothing in UTF-8.
                return ESCAPED.writeValueAsBytes(root);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
