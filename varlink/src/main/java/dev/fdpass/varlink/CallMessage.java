package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ProtocolException;
import java.util.Map;

/**
 * A call, as it is on the wire.
 *
 * @param method with its interface
 * @param parameters empty if there are none
 * @param mode how it is to be answered
 */
record CallMessage(String method, ObjectNode parameters, Mode mode) {
    /** How a call is to be answered. */
    enum Mode {
        /** With one reply. */
        ONCE(""),
        /** With any number of replies. */
        MORE("more"),
        /** Not at all. */
        ONEWAY("oneway"),
        /** With one reply, behind which the connection is another protocol's. */
        UPGRADE("upgrade");

        private final String member;

        Mode(String member) {
            this.member = member;
        }
    }

    /** {@return what is sent, without the NUL} */
    byte[] bytes() {
        ObjectNode message = Json.MAPPER.createObjectNode();
        message.put("method", method);
        if (!parameters.isEmpty()) {
            message.set("parameters", parameters);
        }
        if (mode != Mode.ONCE) {
            message.put(mode.member, true);
        }
        return MessageObject.write(message);
    }

    /**
     * Reads what was received.
     *
     * @param text without the NUL
     * @return what it says
     * @throws ProtocolException if it is no call
     */
    static CallMessage read(byte[] text) throws ProtocolException {
        MessageObject object = MessageObject.read("a call", text);
        String method = "";
        ObjectNode parameters = Json.MAPPER.createObjectNode();
        Mode mode = Mode.ONCE;
        for (Map.Entry<String, JsonNode> member : object.members()) {
            switch (member.getKey()) {
                case "method" -> method = object.text(member);
                case "parameters" -> parameters = object.object(member);
                case "more" -> mode = mode(object, member, mode, Mode.MORE);
                case "oneway" -> mode = mode(object, member, mode, Mode.ONEWAY);
                case "upgrade" -> mode = mode(object, member, mode, Mode.UPGRADE);
                default -> throw object.unknown(member, "method, parameters, more, oneway and upgrade");
            }
        }
        if (method.isEmpty()) {
            throw object.wrong("has no method");
        }
        return new CallMessage(method, parameters, mode);
    }

    private static Mode mode(MessageObject object, Map.Entry<String, JsonNode> member, Mode before, Mode now)
            throws ProtocolException {
        if (!object.flag(member)) {
            return before;
        }
        if (before != Mode.ONCE) {
            throw object.wrong("is both " + before.member + " and " + now.member + "; it can be one of them");
        }
        return now;
    }
}
