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
    static final System.Logger LOGGER = System.getLogger("dev.fdpass");

    private final JsonRpcConnection connection;
    private final Methods methods;

    CallHandler(JsonRpcConnection connection, Methods methods) {
        this.connection = connection;
        this.methods = methods;
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
        LOGGER.log(System.Logger.Level.WARNING, "the handler of " + TextNode.valueOf(call.method()) + " failed", t);
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
        }
    }

    /** Answers that a call failed, and why, as far as that is the peer's business. */
    private void answer(JsonNode id, Throwable reason) {
        byte[] json = switch (reason) {
            case JsonRpcException e ->
                error(id, e.code(), e.getMessage(), e.data().orElse(null));
            case RejectedFdException e ->
                error(id, JsonRpcException.INVALID_PARAMS, "Invalid params", TextNode.valueOf(e.getMessage()));
            default -> error(id, JsonRpcException.INTERNAL_ERROR, "Internal error", null);
        };
        send(json);
    }

    /** The peer could not say to what this is the answer. */
    void unrelated(Message.Failure failure) throws JsonRpcException {
        if (failure.code() == JsonRpcException.FILE_DESCRIPTOR_ERROR) {
            throw JsonRpcException.fatal(
                    "the peer could not match messages and descriptors: " + failure.message(), null);
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "the peer answered with error {0} to what was no request to it: {1}",
                String.valueOf(failure.code()),
                TextNode.valueOf(failure.message()));
    }

    /** Answers what is no message. */
    void refuse(Message.Invalid invalid) {
        String message = invalid.code() == JsonRpcException.PARSE_ERROR ? "Parse error" : "Invalid Request";
        send(error(invalid.id(), invalid.code(), message, TextNode.valueOf(invalid.why())));
    }

    /** Answers a call for which there is no room. */
    void refuseBusy(Call call) {
        if (call.id() != null) {
            send(error(call.id(), JsonRpcException.TOO_MANY_CALLS, "Too many calls at the same time", null));
        } else {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the notification " + TextNode.valueOf(call.method())
                            + " was dropped: too many calls at the same time, and an answer is awaited");
        }
    }

    private static byte[] error(JsonNode id, int code, @Nullable String message, @Nullable JsonNode data) {
        return MessageWriter.error(id, code, Objects.requireNonNullElse(message, ""), data);
    }

    private void send(byte[] json) {
        try {
            connection.send(json);
        } catch (IllegalArgumentException e) {
            connection.fail(new IOException("an error could not be answered: " + e.getMessage(), e));
        } catch (IOException e) {
            connection.fail(e); // or the peer would wait for its answer for ever
        }
    }
}
