package dev.fdpass.jsonrpc;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a connection can do for the other: a handler for each name of a method.
 *
 * <pre>{@code
 * record Open(String path) {}
 *
 * Methods methods = Methods.none()
 *         .on("open", Open.class, (open, call) -> {
 *             call.giveFd(OwnedFd.open(Path.of(open.path())));   // goes with the answer, and is closed then
 *             return Map.of("path", open.path());                // the result
 *         })
 *         .on("append", call -> {
 *             try (OwnedFd file = call.takeFd(0)) {              // came with the request; now the handler's
 *                 return file.write(ByteBuffer.wrap(call.params().get("data").binaryValue()));
 *             }
 *         });
 * }</pre>
 *
 * <p>A handler runs on a virtual thread of its own, several of one connection at the same time unless
 * {@link JsonRpcOptions#maxRunningCalls} says otherwise. It answers with what it returns: anything that Jackson makes JSON of, such
 * as a record, a map, a {@link com.fasterxml.jackson.databind.JsonNode}, null. Or it throws: a {@link JsonRpcException} is the
 * answer itself, a {@link dev.fdpass.RejectedFdException} is {@value JsonRpcException#INVALID_PARAMS}, and anything else
 * {@value JsonRpcException#INTERNAL_ERROR} without a word about the reason, which goes to the {@code dev.fdpass.jsonrpc} logger. Of a
 * notification nobody hears how it ended.
 *
 * <p>Immutable: each method that changes something returns a new one.
 */
@SuppressWarnings("exports") // Nullable is for tools: who compiles against this module needs no jspecify
public final class Methods {
    private static final Methods NONE = new Methods(Map.of());

    private final Map<String, Handler> handlers;

    private Methods(Map<String, Handler> handlers) {
        this.handlers = handlers;
    }

    /** Handles calls of a method. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Handles a call. It may call the peer in turn ({@link Call#connection}).
         *
         * @param call what the peer wants; to be used until this method returns
         * @return the result, of no account if the call is a notification
         * @throws Exception what to answer instead
         */
        @Nullable
        Object handle(Call call) throws Exception;
    }

    /**
     * Handles calls of a method whose parameters are always of one kind.
     *
     * @param <P> what the parameters are read as
     */
    @FunctionalInterface
    public interface TypedHandler<P> {
        /**
         * Handles a call, as {@link Handler#handle}.
         *
         * @param params its parameters
         * @param call the whole of it
         * @return the result
         * @throws Exception what to answer instead
         */
        @Nullable
        Object handle(P params, Call call) throws Exception;
    }

    /** {@return no methods: every request is answered with {@value JsonRpcException#METHOD_NOT_FOUND}} */
    public static Methods none() {
        return NONE;
    }

    /**
     * These methods and one more.
     *
     * @param name what it is called by
     * @param handler what does it; used by several threads at the same time
     * @return new methods
     * @throws IllegalArgumentException if there is one with that name, or it begins with {@code rpc.}, which JSON-RPC keeps for
     *     itself
     */
    public Methods on(String name, Handler handler) {
        Objects.requireNonNull(handler, "handler");
        if (name.startsWith("rpc.")) {
            throw new IllegalArgumentException(
                    "the method \"" + name + "\"; names that begin with \"rpc.\" are kept for JSON-RPC itself");
        }
        Map<String, Handler> more = new HashMap<>(handlers);
        if (more.put(name, handler) != null) {
            throw new IllegalArgumentException("the method \"" + name + "\" is there already");
        }
        return new Methods(more);
    }

    /**
     * These methods and one more, whose parameters are read by {@link Call#paramsAs}.
     *
     * @param name what it is called by
     * @param params what the parameters are read as, such as a record
     * @param handler what does it; used by several threads at the same time
     * @param <P> what the parameters are read as
     * @return new methods
     * @throws IllegalArgumentException as for {@link #on(String, Handler)}, or if it is a record whose package is not open to
     *     this module
     */
    public <P> Methods on(String name, Class<P> params, TypedHandler<P> handler) {
        Objects.requireNonNull(params, "params");
        Objects.requireNonNull(handler, "handler");
        Json.PACKAGES.passOn(params); // or it would be found out with the first call
        return on(name, call -> handler.handle(call.paramsAs(params), call));
    }

    @Nullable
    Handler handler(String name) {
        return handlers.get(name);
    }

    /** {@return names of all methods} */
    public Set<String> names() {
        return Set.copyOf(handlers.keySet());
    }

    /** The names, for people. */
    @Override
    public String toString() {
        return "Methods" + new TreeSet<>(handlers.keySet());
    }
}
