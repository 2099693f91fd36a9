package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.json.IndexedFds;
import dev.fdpass.varlink.JavaInterface.JavaMethod;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls become calls of an object that implements a Java interface. */
final class TypedHandler implements VarlinkHandler {
    private final JavaInterface type;
    private final Object implementation;

    TypedHandler(JavaInterface type, Object implementation) {
        this.type = type;
        this.implementation = type.type().cast(implementation);
        for (JavaMethod method : type.methods().values()) {
            if (!method.java().trySetAccessible()) {
                throw new IllegalArgumentException(Json.PACKAGES.notOpen(type.type()));
            }
        }
    }

    @Override
    public void handle(VarlinkCall call) throws Exception {
        JavaMethod method = type.methods().get(call.methodName());
        if (method == null) {
            throw VarlinkException.methodNotFound(call.method());
        }
        if (method.isMore()) {
            call.checkWantsMore();
        }
        IndexedFds fds = call.fds();
        int mark = fds.mark();
        @Nullable Object result;
        boolean isDone = false;
        try {
            Object[] arguments = arguments(method, call.parameters(), fds);
            call.checkAllFdsTaken();
            result = invoke(method, arguments);
            isDone = true;
        } finally {
            if (!isDone) {
                fds.undo(mark);
            }
        }
        if (method.result() != null && !call.isAnswered()) {
            Objects.requireNonNull(result, () -> method.java() + " returned null");
        }
        if (result instanceof Replies<?> replies) {
            reply(call, replies);
        } else if (!call.isAnswered()) {
            try {
                call.reply(result == null ? Map.of() : result);
            } finally {
                ReplyFds.close(result);
            }
        } else {
            ReplyFds.close(result);
        }
    }

    private static Object[] arguments(JavaMethod method, ObjectNode parameters, IndexedFds fds)
            throws VarlinkException {
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            if (!method.parameters().contains(parameter.getKey())) {
                throw VarlinkException.invalidParameter(parameter.getKey());
            }
        }
        Object[] arguments = new Object[method.parameters().size()];
        for (int i = 0; i < arguments.length; i++) {
            String name = method.parameters().get(i);
            arguments[i] = argument(name, method.types().get(i), parameters.get(name), fds);
        }
        return arguments;
    }

    private static Object argument(String name, Type type, @Nullable JsonNode value, IndexedFds fds)
            throws VarlinkException {
        if (value == null || value.isNull()) {
            return Optional.ofNullable(Json.absent(type)).orElseThrow(() -> VarlinkException.invalidParameter(name));
        }
        try {
            return Json.read(value, type, fds, true);
        } catch (Json.MismatchException e) {
            String separator = e.where.isEmpty() || e.where.startsWith("[") ? "" : ".";
            throw VarlinkException.invalidParameter(name + separator + e.where);
        }
    }

    private @Nullable Object invoke(JavaMethod method, Object[] arguments) throws Exception {
        try {
            return method.java().invoke(implementation, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void reply(VarlinkCall call, Replies<?> replies) throws Exception {
        try (replies) {
            if (call.isOneway()) {
                return; // nobody waits for them
            }
            if (replies.isOpenEnded()) {
                replyAtOnce(call, replies);
            } else {
                replyWithLast(call, replies);
            }
        }
    }

    private static void replyAtOnce(VarlinkCall call, Replies<?> replies) throws Exception {
        for (Optional<?> next = replies.next(); next.isPresent(); next = replies.next()) {
            try {
                call.replyContinues(next.get());
            } finally {
                ReplyFds.close(next.get());
            }
        }
        call.reply(Map.of());
    }

    /** Each waits for the next one, to know whether it is the last. */
    private static void replyWithLast(VarlinkCall call, Replies<?> replies) throws Exception {
        Optional<?> now = replies.next();
        Optional<?> next = Optional.empty();
        try {
            while (now.isPresent()) {
                try {
                    next = replies.next();
                } catch (VarlinkException e) {
                    call.replyContinues(now.get()); // the error is the last one
                    throw e;
                }
                if (next.isEmpty() && !VarlinkCall.isNothing(now.get())) {
                    call.reply(now.get());
                    return;
                }
                call.replyContinues(now.get());
                ReplyFds.close(now.get());
                now = next;
                next = Optional.empty();
            }
            call.reply(Map.of());
        } finally {
            ReplyFds.close(now.orElse(null));
            ReplyFds.close(next.orElse(null));
        }
    }
}
