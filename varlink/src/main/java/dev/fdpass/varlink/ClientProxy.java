package dev.fdpass.varlink;

import dev.fdpass.varlink.JavaInterface.JavaMethod;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls of a Java interface become calls of a client. */
final class ClientProxy implements InvocationHandler {
    private final VarlinkClient client;
    private final JavaInterface type;
    private final Map<Method, JavaMethod> methods = new HashMap<>();

    private ClientProxy(VarlinkClient client, JavaInterface type) {
        this.client = client;
        this.type = type;
        for (JavaMethod method : type.methods().values()) {
            methods.put(method.java(), method);
        }
    }

    static <T> T make(VarlinkClient client, Class<T> type) {
        ClientProxy handler = new ClientProxy(client, JavaInterface.of(type));
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        JavaMethod called = methods.get(method);
        if (called != null) {
            return call(called, arguments == null ? new Object[0] : arguments);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> type.name() + " of " + client;
        };
    }

    private @Nullable Object call(JavaMethod method, Object[] arguments) throws IOException {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String name = method.parameters().get(i);
            if (arguments[i] == null) {
                throw new NullPointerException(
                        "the parameter " + name + " is null; what may be missing is an Optional");
            }
            if (!arguments[i].equals(Json.absent(method.types().get(i)))) { // what is not there is left out
                parameters.put(name, arguments[i]);
            }
        }
        String name = type.name() + "." + method.name();
        if (method.result() == null) {
            client.call(name, parameters).close();
            return null;
        }
        return method.isMore()
                ? client.moreAs(name, parameters, method.result())
                : client.callAs(name, parameters, method.result());
    }
}
