package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.fdpass.json.StrictJson;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Reads what a frame has in it. Bytes that are no JSON are fatal, since then descriptors may be matched wrongly as well. */
final class MessageReader {
    private MessageReader() {}

    /**
     * Reads a message.
     *
     * @throws ProtocolException if it is no JSON in UTF-8
     */
    static Message read(ByteBuffer bytes) throws ProtocolException {
        String text;
        try {
            text = StrictJson.text(bytes);
        } catch (CharacterCodingException e) {
            throw new ProtocolException("what came is not UTF-8");
        }
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(text);
        } catch (StreamConstraintsException e) {
            return unreadable(text, JsonRpcException.PARSE_ERROR, e.getOriginalMessage());
        } catch (NumberFormatException e) {
            return unreadable(
                    text, JsonRpcException.PARSE_ERROR, "a number has more digits in its exponent than can be read");
        } catch (DatabindException e) {
            return unreadable(text, JsonRpcException.INVALID_REQUEST, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw noJson(e);
        }
        if (!root.isObject()) {
            throw new ProtocolException("what came is no JSON object");
        }
        return read(root);
    }

    private static ProtocolException noJson(JsonProcessingException e) {
        return new ProtocolException("what came is no JSON: " + e.getOriginalMessage());
    }

    private static Message read(JsonNode root) {
        boolean isAnswer = root.has("result") || root.has("error");
        if (root.has("method")) {
            return isAnswer ? invalid(root, "it has both a method and an answer") : readRequest(root);
        }
        return isAnswer ? readAnswer(root) : invalid(root, "it has neither a method nor an answer");
    }

    private static Message readRequest(JsonNode root) {
        if (!isVersion2(root)) {
            return invalid(root, "\"jsonrpc\" is not \"2.0\"");
        }
        JsonNode id = root.get("id");
        if (id != null && !isId(id)) {
            return invalid(root, "\"id\" is no string, number or null");
        }
        JsonNode method = root.path("method");
        if (!method.isTextual()) {
            return invalid(root, "\"method\" is no string");
        }
        JsonNode params = root.get("params");
        if (params != null && params.isNull()) {
            params = null; // not by the specification, but there is nothing else that it could mean
        }
        if (params != null && !params.isContainerNode()) {
            return invalid(root, "\"params\" is no object and no array");
        }
        return new Message.Request(id, method.textValue(), params);
    }

    private static Message readAnswer(JsonNode root) {
        JsonNode id = root.path("id");
        if (!isId(id)) {
            return new Message.BadAnswer(NullNode.getInstance(), "\"id\" is no string, number or null");
        }
        if (!isVersion2(root)) {
            return new Message.BadAnswer(id, "\"jsonrpc\" is not \"2.0\"");
        }
        JsonNode result = root.get("result");
        JsonNode error = root.get("error");
        if (error == null || (error.isNull() && result != null)) {
            return result == null ? new Message.BadAnswer(id, "there is no result") : new Message.Result(id, result);
        }
        if (result != null && !result.isNull()) {
            return new Message.BadAnswer(id, "it has both a result and an error");
        }
        JsonNode code = error.path("code");
        JsonNode message = error.path("message");
        if (!code.isIntegralNumber() || !code.canConvertToInt() || !message.isTextual()) {
            return new Message.BadAnswer(id, "\"error\" has no number as \"code\", or no string as \"message\"");
        }
        return new Message.Failure(id, code.intValue(), message.textValue(), error.get("data"));
    }

    private static boolean isVersion2(JsonNode root) {
        JsonNode version = root.path("jsonrpc");
        return version.isTextual() && version.textValue().equals("2.0");
    }

    private static boolean isId(@Nullable JsonNode id) {
        return id != null && (id.isTextual() || id.isNumber() || id.isNull());
    }

    private static Message invalid(JsonNode root, String why) {
        JsonNode id = root.get("id");
        return new Message.Invalid(
                id != null && isId(id) ? id : NullNode.getInstance(), JsonRpcException.INVALID_REQUEST, why);
    }

    private static Message unreadable(String text, int code, String why) throws ProtocolException {
        Outline outline;
        try {
            outline = Outline.of(text);
        } catch (JsonProcessingException e) {
            throw noJson(e); // behind what could not be read
        }
        return outline.isAnswer()
                ? new Message.BadAnswer(outline.id(), why)
                : new Message.Invalid(outline.id(), code, why);
    }
}
