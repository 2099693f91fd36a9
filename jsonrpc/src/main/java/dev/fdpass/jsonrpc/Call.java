package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request or a notification that came from the peer, for its {@linkplain Methods handler}. Descriptors that came with it and
 * that nobody takes are closed when the handler is done.
 */
public final class Call extends IncomingMessage {
    private final JsonRpcConnection connection;
    private final String method;
    private final JsonNode params;
    /** Null of a notification. */
    private final @Nullable JsonNode id;
    /** Of its message. */
    private final int bytes;

    private final List<AsFd> answerFds = new ArrayList<>();
    private final List<OwnedFd> given = new ArrayList<>();
    private boolean isDone;

    Call(JsonRpcConnection connection, Message.Request request, Frame frame) {
        super(frame);
        this.connection = connection;
        method = request.method();
        params = Objects.requireNonNullElseGet(request.params(), MissingNode::getInstance);
        id = request.id();
        bytes = frame.bytes();
    }

    /** {@return the name of the method} */
    public String method() {
        return method;
    }

    /**
     * The parameters.
     *
     * @return an object or an array; {@link JsonNode#isMissingNode} if there are none
     */
    public JsonNode params() {
        return params;
    }

    /**
     * Reads the parameters as something else. Those in an object go by their names, those in an array by their places, as the
     * components of a record are declared. Missing ones are null, but a primitive must be there; there may be none that are
     * unknown.
     *
     * @param type such as a record, a Map, a List
     * @param <P> the same
     * @return them
     * @throws JsonRpcException {@value JsonRpcException#INVALID_PARAMS}, if they are nothing of the kind, or there are none
     */
    public <P> P paramsAs(Class<P> type) throws JsonRpcException {
        if (params.isMissingNode()) {
            throw JsonRpcException.invalidParams("there are no params");
        }
        try {
            return Json.read(params, type, true);
        } catch (Json.DoesNotFitException e) {
            throw JsonRpcException.invalidParams("the params do not fit: " + e.getMessage());
        }
    }

    /** {@return whether nobody waits for an answer} */
    public boolean isNotification() {
        return id == null;
    }

    /** {@return where it came from, to call the peer in turn, or to learn who that is} */
    public JsonRpcConnection connection() {
        return connection;
    }

    /**
     * Adds a descriptor to the answer. It belongs to the call from now on, which closes it once it was sent, or if nothing is
     * sent because the handler throws, the peer is gone, or this is a notification.
     *
     * @param fd what to give away
     * @return this
     * @throws IllegalStateException if the handler is done; the descriptor is still yours
     */
    public synchronized Call giveFd(OwnedFd fd) {
        Objects.requireNonNull(fd, "fd");
        checkNotDone();
        given.add(fd);
        answerFds.add(fd);
        return this;
    }

    /**
     * Adds a descriptor to the answer, which stays yours. It must be open until the answer was sent, after the handler is done.
     *
     * @param fd what to send
     * @return this
     * @throws IllegalStateException if the handler is done
     */
    public synchronized Call lendFd(AsFd fd) {
        Objects.requireNonNull(fd, "fd");
        checkNotDone();
        answerFds.add(fd);
        return this;
    }

    private void checkNotDone() {
        if (isDone) {
            throw new IllegalStateException("the handler of this call is done, and its answer on the way");
        }
    }

    @Override
    IOException tooFewFds(String message) {
        return JsonRpcException.invalidParams(message);
    }

    @Nullable
    JsonNode id() {
        return id;
    }

    int bytes() {
        return bytes;
    }

    /** What goes with the answer, to which nothing is added any more. */
    synchronized AsFd[] answerFds() {
        isDone = true;
        return answerFds.toArray(AsFd[]::new);
    }

    /** Closes whatever is left. */
    void end() {
        List<OwnedFd> toClose;
        synchronized (this) {
            isDone = true;
            toClose = given;
        }
        drop();
        toClose.forEach(OwnedFd::closeAside);
    }

    /** The method and the number of descriptors, for people. */
    @Override
    public String toString() {
        return (isNotification() ? "Notification[" : "Request[") + method + ", " + fdCount() + " descriptors]";
    }
}
