package dev.fdpass.varlink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ProtocolException;
import java.util.Map;
import java.util.Set;

/** The JSON object that a message is, as it was received: what is wrong with it is said in the words of the protocol. */
final class MessageObject {
    private final String what;
    private final ObjectNode message;

    private MessageObject(String what, ObjectNode message) {
        this.what = what;
        this.message = message;
    }

    static MessageObject read(String what, byte[] text) throws ProtocolException {
        JsonNode node;
        try {
            node = Json.read(text);
        } catch (Json.MismatchException e) {
            ProtocolException failure = new ProtocolException(what + " came that is no JSON: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
        if (node instanceof ObjectNode object) {
            return new MessageObject(what, object);
        }
        throw new ProtocolException(what + " came that is no JSON object, but " + kind(node));
    }

    static byte[] write(ObjectNode message) {
        try {
            return Json.MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    Set<Map.Entry<String, JsonNode>> members() {
        return message.properties();
    }

    String text(Map.Entry<String, JsonNode> member) throws ProtocolException {
        if (!member.getValue().isTextual()) {
            throw wrong("has " + member.getKey() + ": " + kind(member.getValue()) + ", where a string is needed");
        }
        return member.getValue().textValue();
    }

    String optionalText(Map.Entry<String, JsonNode> member) throws ProtocolException {
        return member.getValue().isNull() ? "" : text(member);
    }

    boolean flag(Map.Entry<String, JsonNode> member) throws ProtocolException {
        if (!member.getValue().isBoolean() && !member.getValue().isNull()) {
            throw wrong("has " + member.getKey() + ": " + kind(member.getValue()) + ", where true or false is needed");
        }
        return member.getValue().booleanValue();
    }

    ObjectNode object(Map.Entry<String, JsonNode> member) throws ProtocolException {
        if (member.getValue().isNull()) {
            return Json.MAPPER.createObjectNode();
        }
        if (member.getValue() instanceof ObjectNode object) {
            return object;
        }
        throw wrong("has " + member.getKey() + ": " + kind(member.getValue()) + ", where an object is needed");
    }

    ProtocolException unknown(Map.Entry<String, JsonNode> member, String known) {
        return wrong("has a member \"" + member.getKey() + "\"; known are " + known);
    }

    ProtocolException wrong(String problem) {
        return new ProtocolException(what + " came that " + problem);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }
}
