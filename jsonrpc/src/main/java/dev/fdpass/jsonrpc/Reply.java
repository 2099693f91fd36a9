package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fdpass.frame.Frame;
import java.io.IOException;
import java.net.ProtocolException;

/**
 * The answer to a request: its result, and descriptors that came with it. {@link #close} closes those that nobody took; one
 * that is forgotten is closed by a cleaner, with a warning to the {@code dev.fdpass} logger.
 */
public final class Reply extends IncomingMessage implements AutoCloseable {
    private final JsonNode result;

    Reply(JsonNode result, Frame frame) {
        super(frame);
        this.result = result;
    }

    /** {@return the result; that of JSON's null is a {@link com.fasterxml.jackson.databind.node.NullNode}} */
    public JsonNode result() {
        return result;
    }

    /**
     * Reads the result as something else. Members that it does not know are ignored, since a peer may be newer.
     *
     * @param type such as a record, a String, an Integer, a Map
     * @param <T> the same
     * @return it
     * @throws ProtocolException if it is nothing of the kind, or null
     */
    public <T> T resultAs(Class<T> type) throws ProtocolException {
        try {
            return Json.read(result, type, false);
        } catch (Json.DoesNotFitException e) {
            throw new ProtocolException("the result does not fit: " + e.getMessage());
        }
    }

    @Override
    IOException tooFewFds(String message) {
        return new ProtocolException("of the answer, " + message);
    }

    /** Closes the descriptors that nobody took. Further calls do nothing. */
    @Override
    public void close() {
        closeFrame();
    }

    /** The number of its descriptors, for people. */
    @Override
    public String toString() {
        return "Reply[" + fdCount() + " descriptors]";
    }
}
