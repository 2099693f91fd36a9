package dev.fdpass.varlink;

import static dev.fdpass.fuzz.Inputs.check;

import java.net.ProtocolException;
import org.junit.jupiter.api.DisplayName;

/** The readers of what a peer sends: {@link CallMessage} and {@link ReplyMessage}. */
@DisplayName("Any bytes are a call or a reply, which can be written and read again, or refused as such")
public final class MessageFuzz {
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
            check(CallMessage.read(call.bytes()).equals(call), "%s is another one again", call);
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
            check(ReplyMessage.read(reply.bytes()).equals(reply), "%s is another one again", reply);
        } catch (ProtocolException e) {
            throw new AssertionError(reply + " cannot be read again", e);
        }
    }
}
