package dev.fdpass.jsonrpc;

import static dev.fdpass.fuzz.Inputs.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;

/** What stands in a frame of JSON-RPC, as a message. */
@DisplayName("Any bytes are a message that can be answered, are refused with an error, or are no JSON")
public final class MessageReaderFuzz {
    /** One that has none of our settings. */
    private static final JsonMapper PLAIN = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private MessageReaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws ProtocolException {
        Message message;
        try {
            message = MessageReader.read(ByteBuffer.wrap(input));
        } catch (ProtocolException e) {
            check(!plain(input).isObject(), "fatal, and a JSON object: %s", e.getMessage());
            return;
        }
        switch (message) {
            case Message.Request request -> request(request);
            case Message.Result(var id, var result) ->
                check(
                        read(MessageWriter.result(id, result, 3)) instanceof Message.Result(var sameId, var same)
                                && isSame(sameId, id)
                                && isSame(same, result),
                        "another result: %s",
                        message);
            case Message.Failure(var id, var code, var text, var data) -> failure(id, code, text, data);
            case Message.BadAnswer(var id, var why) -> check(!why.isEmpty() && isId(id), "why? %s", message);
            case Message.Invalid(var id, var code, var why) -> {
                check(code == -32600 || code == -32700, "code %d", code);
                failure(id, code, why, null);
            }
        }
    }

    private static void failure(JsonNode id, int code, String text, JsonNode data) throws ProtocolException {
        Message again = read(MessageWriter.error(id, code, text, data));
        check(
                again instanceof Message.Failure same
                        && isSame(same.id(), id)
                        && same.code() == code
                        && same.message().equals(text)
                        && isSame(same.data(), data),
                "another error: %s",
                again);
    }

    private static void request(Message.Request request) throws ProtocolException {
        JsonNode id = request.id();
        JsonNode params = request.params();
        check(params == null || params.isContainerNode(), "params %s", params);
        if (id != null) {
            check(isId(id), "id %s", id);
            Message answer = read(MessageWriter.result(id, params, 0));
            check(answer instanceof Message.Result result && isSame(result.id(), id), "answered to %s", answer);
        }
        Message again = read(MessageWriter.request(7L, request.method(), params, 2));
        check(
                again instanceof Message.Request same
                        && same.method().equals(request.method())
                        && isSame(same.params(), params)
                        && IntNode.valueOf(7).equals(same.id()),
                "another request: %s",
                again);
    }

    /** Numbers by their value: 1e1 is 10. */
    private static boolean isSame(JsonNode one, JsonNode other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.equals(MessageReaderFuzz::compare, other);
    }

    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    private static boolean isId(JsonNode id) {
        return id.isTextual() || id.isNumber() || id.isNull();
    }

    private static Message read(byte[] written) throws ProtocolException {
        return MessageReader.read(ByteBuffer.wrap(written));
    }

    private static JsonNode plain(byte[] input) {
        try {
            return PLAIN.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(input))
                    .toString());
        } catch (CharacterCodingException | JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
