package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fdpass.AsFd;
import dev.fdpass.RejectedFdException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Handles calls of the peer, and answers. */
final class CallHandler {
    static final System.Logger LOGGER = System.getLogger("dev.fdpass.jsonrpc");

    /** Characters of what a stranger says, in a log or in an answer to him. */
    private static final int MOST_SHOWN = 200;

    private final JsonRpcConnection connection;
    private final Methods methods;
    private final Refusals refusals;
    private final Seldom unrelatedErrors = new Seldom(LOGGER);
    private final Seldom droppedNotifications = new Seldom(LOGGER);

    CallHandler(JsonRpcConnection connection, Methods methods, Refusals refusals) {
        this.connection = connection;
        this.methods = methods;
        this.refusals = refusals;
    }

    void handle(Call call) {
        @Nullable Object result = null;
        @Nullable Throwable failure = null;
        try {
            result = run(call);
        } catch (Throwable t) {
            failure = t;
        }
        // An interrupt was for the handler, and would close the connection in what follows.
        boolean unused = Thread.interrupted();
        if (failure != null && !isForThePeer(failure)) {
            log(call, failure);
        }
        JsonNode id = call.id();
        if (id == null) {
            return;
        }
        if (failure == null) {
            answer(call, id, result);
        } else {
            answer(id, failure);
        }
    }

    private @Nullable Object run(Call call) throws Exception {
        Methods.Handler handler = methods.handler(call.method());
        if (handler == null) {
            throw new JsonRpcException(
                    JsonRpcException.METHOD_NOT_FOUND, "Method not found", TextNode.valueOf(call.method()));
        }
        return handler.handle(call);
    }

    private static boolean isForThePeer(Throwable failure) {
        return failure instanceof JsonRpcException || failure instanceof RejectedFdException;
    }

    private static void log(Call call, Throwable t) {
        LOGGER.log(System.Logger.Level.WARNING, "the handler of " + shown(call.method()) + " failed", t);
    }

    private void answer(Call call, JsonNode id, @Nullable Object result) {
        AsFd[] fds = call.answerFds();
        try {
            connection.send(MessageWriter.result(id, result, fds.length), fds);
        } catch (IllegalArgumentException e) {
            log(call, e); // no JSON, too large, or a descriptor is closed
            answer(id, e);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "a result could not be sent", e);
            answer(id, e); // it did not go, as with ETOOMANYREFS; an error might
        } catch (Error e) {
            log(call, e); // such as a list that is in itself, and overflows the stack
            answer(id, e);
        }
    }

    /** Answers that a call failed, and why, as far as that is the peer's business. */
    private void answer(JsonNode id, Throwable reason) {
        connection.sendError(
                switch (reason) {
                    case JsonRpcException e ->
                        error(id, e.code(), e.getMessage(), e.data().orElse(null));
                    case RejectedFdException e ->
                        error(id, JsonRpcException.INVALID_PARAMS, "Invalid params", TextNode.valueOf(e.getMessage()));
                    default -> error(id, JsonRpcException.INTERNAL_ERROR, "Internal error", null);
                });
    }

    /** The peer could not say to what this is the answer. */
    void unrelated(Message.Failure failure) throws JsonRpcException {
        if (failure.code() == JsonRpcException.FILE_DESCRIPTOR_ERROR) {
            throw JsonRpcException.fatal(
                    "the peer could not match messages and descriptors: " + failure.message(), null);
        }
        unrelatedErrors.warn("the peer answered with error " + failure.code() + " to what was no request to it: "
                + shown(failure.message()));
    }

    /** Answers what is no message. */
    void refuse(Message.Invalid invalid) {
        String message = invalid.code() == JsonRpcException.PARSE_ERROR ? "Parse error" : "Invalid Request";
        refusals.add(error(invalid.id(), invalid.code(), message, TextNode.valueOf(shortened(invalid.why()))));
    }

    /** Answers a call for which there is no room. */
    void refuseBusy(Call call) {
        if (call.id() != null) {
            refusals.add(error(call.id(), JsonRpcException.TOO_MANY_CALLS, "Too many calls at the same time", null));
        } else {
            droppedNotifications.warn("the notification " + shown(call.method())
                    + " was dropped: too many calls at the same time, and an answer is awaited");
        }
    }

    /**
     * An error as it can be sent: what is too large for a message is left out.
     *
     * @param data null for none
     */
    private byte[] error(JsonNode id, int code, @Nullable String message, @Nullable JsonNode data) {
        int most = connection.maxBytes();
        byte[] json = MessageWriter.error(id, code, Objects.requireNonNullElse(message, ""), data);
        if (json.length > most && data != null) {
            json = MessageWriter.error(id, code, Objects.requireNonNullElse(message, ""), null);
        }
        return json.length > most
                ? MessageWriter.error(id, JsonRpcException.INTERNAL_ERROR, "Internal error", null)
                : json;
    }

    /** What a stranger says, for a log: quoted, and not too long. */
    private static String shown(String text) {
        return TextNode.valueOf(shortened(text)).toString();
    }

    private static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
