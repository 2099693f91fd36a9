package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error of JSON-RPC: what the peer answered instead of a result, or what a handler of this end throws to answer it.
 *
 * <p>With code {@value #FILE_DESCRIPTOR_ERROR} and {@linkplain #isFatal() fatal}, descriptors and messages could not be matched
 * any more, and the connection has ended.
 */
@SuppressWarnings("exports") // Nullable is for tools: who compiles against this module needs no jspecify
public final class JsonRpcException extends IOException {
    /** The text is JSON, but more than the receiver reads: such as a number of more than a thousand digits. */
    public static final int PARSE_ERROR = -32700;

    /** The object is no request. */
    public static final int INVALID_REQUEST = -32600;

    /** There is no such method. */
    public static final int METHOD_NOT_FOUND = -32601;

    /** The parameters, or the descriptors that came with them, are not what the method takes. */
    public static final int INVALID_PARAMS = -32602;

    /** The method failed for a reason that is nobody's business. */
    public static final int INTERNAL_ERROR = -32603;

    /** The receiver has too many calls to handle already, and was waiting for an answer itself. */
    public static final int TOO_MANY_CALLS = -32000;

    /** Bytes or descriptors that came cannot be matched to messages. */
    public static final int FILE_DESCRIPTOR_ERROR = -32050;

    private static final long serialVersionUID = 1L;

    /** What went wrong, as a number. */
    private final int code;
    /** What else is known about it. */
    private final transient @Nullable JsonNode data;
    /** Whether it ended the connection. */
    private final boolean isFatal;

    /**
     * An error without further data.
     *
     * @param code what went wrong: those of this class, -32099 to -32000 for servers, and whatever else an application likes
     *     outside -32768 to -32000
     * @param message a short sentence for people
     */
    public JsonRpcException(int code, String message) {
        this(code, message, null);
    }

    /**
     * An error.
     *
     * @param code as for {@link #JsonRpcException(int, String)}
     * @param message a short sentence for people
     * @param data what else is to be known, null for nothing
     */
    public JsonRpcException(int code, String message, @Nullable JsonNode data) {
        this(code, message, data, false);
    }

    private JsonRpcException(int code, String message, @Nullable JsonNode data, boolean isFatal) {
        super(message);
        this.code = code;
        this.data = data;
        this.isFatal = isFatal;
    }

    /**
     * For a handler that does not like what it was given.
     *
     * @param message what is wrong with the parameters, or the descriptors
     * @return an error with code {@value #INVALID_PARAMS}
     */
    public static JsonRpcException invalidParams(String message) {
        return new JsonRpcException(INVALID_PARAMS, message);
    }

    static JsonRpcException fatal(String message, @Nullable Throwable cause) {
        JsonRpcException fatal = new JsonRpcException(FILE_DESCRIPTOR_ERROR, message, null, true);
        if (cause != null) {
            fatal.initCause(cause);
        }
        return fatal;
    }

    /** {@return what went wrong, as a number} */
    public int code() {
        return code;
    }

    /** {@return what else is known about it; nothing after this exception was serialized} */
    public Optional<JsonNode> data() {
        return Optional.ofNullable(data);
    }

    /**
     * Whether it ended the connection: descriptors and messages could not be matched, as one of the ends found. A method may
     * answer with the same code for reasons of its own, which ends nothing.
     *
     * @return false for what a method answered
     */
    public boolean isFatal() {
        return isFatal;
    }
}
