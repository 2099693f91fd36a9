package dev.fdpass.varlink;

import static dev.fdpass.fuzz.Inputs.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ProtocolException;
import java.util.Comparator;
import org.junit.jupiter.api.DisplayName;

/** The readers of what a peer sends: {@link CallMessage} and {@link ReplyMessage}. */
@DisplayName("Any bytes are a call or a reply, which can be written and read again, or refused as such")
public final class MessageFuzz {
    /** 123e0 is written as 123. */
    private static final Comparator<JsonNode> SAME_NUMBER = (one, other) -> one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue())
            : one.equals(other) ? 0 : 1;

    private MessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        call(input);
        reply(input);
    }

    private static void call(byte[] input) {
        CallMessage call;
        try {
            call = CallMessage.read(input);
        } catch (ProtocolException e) {
            return;
        }
        check(!call.method().isEmpty(), "a call without a method");
        try {
            CallMessage again = CallMessage.read(call.bytes());
            boolean isSame = again.method().equals(call.method())
                    && again.mode() == call.mode()
                    && again.parameters().equals(SAME_NUMBER, call.parameters());
            check(isSame, "%s became %s", call, again);
        } catch (ProtocolException e) {
            throw new AssertionError(call + " cannot be read again", e);
        }
    }

    private static void reply(byte[] input) {
        ReplyMessage reply;
        try {
            reply = ReplyMessage.read(input);
        } catch (ProtocolException e) {
            return;
        }
        check(reply.error().isEmpty() || !reply.continues(), "%s", reply);
        if (!reply.error().isEmpty()) {
            check(VarlinkException.of(reply).error().equals(reply.error()), "%s", reply);
        }
        try {
            ReplyMessage again = ReplyMessage.read(reply.bytes());
            boolean isSame = again.error().equals(reply.error())
                    && again.continues() == reply.continues()
                    && again.parameters().equals(SAME_NUMBER, reply.parameters());
            check(isSame, "%s became %s", reply, again);
        } catch (ProtocolException e) {
            throw new AssertionError(reply + " cannot be read again", e);
        }
    }
}
