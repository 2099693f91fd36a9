package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What the object in a frame is. */
sealed interface Message {
    /**
     * A call of a method.
     *
     * @param id null of a notification
     * @param params an object or an array; null if there are none
     */
    record Request(
            @Nullable JsonNode id, String method, @Nullable JsonNode params) implements Message {}

    /** The result of the request with that id. */
    record Result(JsonNode id, JsonNode result) implements Message {}

    /** What is answered to the request with that id instead of a result; an id of null if it could not be read. */
    record Failure(
            JsonNode id, int code, String message, @Nullable JsonNode data) implements Message {}

    /** What answers the request with that id, and is not as an answer should be. It is never answered. */
    record BadAnswer(JsonNode id, String why) implements Message {}

    /** No message; it is answered with that error. */
    record Invalid(JsonNode id, int code, String why) implements Message {}
}
