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
import java.util.Objects;
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
                check(read(MessageWriter.result(id, result, 3)).equals(message), "another result: %s", message);
            case Message.Failure(var id, var code, var text, var data) ->
                check(read(MessageWriter.error(id, code, text, data)).equals(message), "another error: %s", message);
            case Message.BadAnswer(var id, var why) -> check(!why.isEmpty() && isId(id), "why? %s", message);
            case Message.Invalid(var id, var code, var why) -> {
                check(code == -32600 || code == -32700, "code %d", code);
                check(
                        read(MessageWriter.error(id, code, why, null)).equals(new Message.Failure(id, code, why, null)),
                        "another error: %s",
                        message);
            }
        }
    }

    private static void request(Message.Request request) throws ProtocolException {
        JsonNode id = request.id();
        JsonNode params = request.params();
        check(params == null || params.isContainerNode(), "params %s", params);
        if (id != null) {
            check(isId(id), "id %s", id);
            Message answer = read(MessageWriter.result(id, params, 0));
            check(answer instanceof Message.Result result && result.id().equals(id), "answered to %s", answer);
        }
        Message again = read(MessageWriter.request(7L, request.method(), params, 2));
        check(
                again instanceof Message.Request same
                        && same.method().equals(request.method())
                        && Objects.equals(same.params(), params)
                        && Objects.equals(same.id(), IntNode.valueOf(7)),
                "another request: %s",
                again);
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
