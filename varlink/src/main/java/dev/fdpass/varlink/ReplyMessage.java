package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ProtocolException;
import java.util.Map;

/**
 * A reply, as it is on the wire.
 *
 * @param error with its interface; empty if it is none
 * @param parameters empty if there are none
 * @param continues whether another one follows
 */
record ReplyMessage(String error, ObjectNode parameters, boolean continues) {
    /** {@return what is sent, without the NUL} */
    byte[] bytes() {
        ObjectNode message = Json.MAPPER.createObjectNode();
        if (!error.isEmpty()) {
            message.put("error", error);
        }
        message.set("parameters", parameters);
        if (continues) {
            message.put("continues", true);
        }
        return MessageObject.write(message);
    }

    /**
     * Reads what was received.
     *
     * @param text without the NUL
     * @return what it says
     * @throws ProtocolException if it is no reply
     */
    static ReplyMessage read(byte[] text) throws ProtocolException {
        MessageObject object = MessageObject.read("a reply", text);
        String error = "";
        ObjectNode parameters = Json.MAPPER.createObjectNode();
        boolean continues = false;
        for (Map.Entry<String, JsonNode> member : object.members()) {
            switch (member.getKey()) {
                case "error" -> error = object.optionalText(member);
                case "parameters" -> parameters = object.object(member);
                case "continues" -> continues = object.flag(member);
                default -> throw object.unknown(member, "parameters, error and continues");
            }
        }
        if (continues && !error.isEmpty()) {
            throw object.wrong("is the error " + error + ", and continues; an error is the last reply");
        }
        return new ReplyMessage(error, parameters, continues);
    }
}
