package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/**
 * The error that a call was answered with. A service's method throws it to answer so.
 *
 * <pre>{@code
 * throw new VarlinkException("org.example.files.NotFound", Map.of("path", path));
 * }</pre>
 *
 * <p>The connection stays usable.
 */
public final class VarlinkException extends IOException {
    private static final long serialVersionUID = 1L;

    /** There is no such interface: parameter {@code interface}. */
    public static final String INTERFACE_NOT_FOUND = "org.varlink.service.InterfaceNotFound";
    /** The interface has no such method: parameter {@code method}. */
    public static final String METHOD_NOT_FOUND = "org.varlink.service.MethodNotFound";
    /** The method is described, and not there: parameter {@code method}. */
    public static final String METHOD_NOT_IMPLEMENTED = "org.varlink.service.MethodNotImplemented";
    /** A parameter is missing or wrong: parameter {@code parameter}, its name. */
    public static final String INVALID_PARAMETER = "org.varlink.service.InvalidParameter";
    /** The caller may not do that. */
    public static final String PERMISSION_DENIED = "org.varlink.service.PermissionDenied";
    /** The method has any number of replies, and the call did not ask for more. */
    public static final String EXPECTED_MORE = "org.varlink.service.ExpectedMore";
    /** The service failed in a way that its interface does not know of; what happened, it says in its own log. */
    public static final String INTERNAL_ERROR = "dev.fdpass.varlink.InternalError";

    /** With its interface. */
    private final String error;
    /** A tree of JSON. */
    @SuppressWarnings("serial") // an ObjectNode can be serialized
    private final ObjectNode parameters;

    /**
     * An error without parameters.
     *
     * @param error its name with its interface, such as {@code org.example.files.NotFound}
     */
    public VarlinkException(String error) {
        this(error, Map.of());
    }

    /**
     * An error.
     *
     * @param error its name with its interface, such as {@code org.example.files.NotFound}
     * @param parameters what comes with it: a record, a map with names, an object node; without
     *     descriptors
     * @throws IllegalArgumentException if the name is none, or the parameters are no JSON object
     */
    public VarlinkException(String error, Object parameters) {
        this(Json.toObject(parameters, null), error);
        int dot = error.lastIndexOf('.');
        if (dot < 0 || !Names.isInterface(error.substring(0, dot)) || !Names.isMember(error.substring(dot + 1))) {
            throw new IllegalArgumentException(
                    "the error \"" + error + "\"; give a name with its interface, such as org.example.files.NotFound");
        }
    }

    private VarlinkException(ObjectNode parameters, String error) {
        super(parameters.isEmpty() ? error : error + " " + parameters);
        this.error = error;
        this.parameters = parameters;
    }

    /** What a peer said, whatever it is called. */
    static VarlinkException of(ReplyMessage reply) {
        return new VarlinkException(reply.parameters(), reply.error());
    }

    static VarlinkException invalidParameter(String name) {
        return new VarlinkException(INVALID_PARAMETER, Map.of("parameter", name));
    }

    static VarlinkException methodNotFound(String name) {
        return new VarlinkException(METHOD_NOT_FOUND, Map.of("method", name));
    }

    static VarlinkException interfaceNotFound(String name) {
        return new VarlinkException(INTERFACE_NOT_FOUND, Map.of("interface", name));
    }

    /** {@return the name of the error with its interface} */
    public String error() {
        return error;
    }

    /** {@return what came with it; a copy} */
    public ObjectNode parameters() {
        return parameters.deepCopy();
    }

    /**
     * Whether it is this error.
     *
     * @param name with its interface
     * @return whether it is
     */
    public boolean is(String name) {
        return error.equals(name);
    }
}
