package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JavaType;
import dev.fdpass.varlink.VarlinkType.Field;
import dev.fdpass.varlink.VarlinkType.Struct;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Java interface with {@link VarlinkInterface}, read once: its methods, and how it would be described. */
final class JavaInterface {
    /**
     * A method of both.
     *
     * @param name in Varlink, without the interface
     * @param java what is called
     * @param parameters names in Varlink
     * @param types of the parameters
     * @param result what is replied: a record; null for nothing
     * @param isMore whether it replies any number of times
     */
    record JavaMethod(
            String name,
            Method java,
            List<String> parameters,
            List<Type> types,
            @Nullable Type result,
            boolean isMore) {}

    private final Class<?> type;
    private final String name;
    private final Map<String, JavaMethod> methods = new LinkedHashMap<>();
    private final InterfaceDescription description;

    private JavaInterface(Class<?> type, VarlinkInterface annotation) {
        this.type = type;
        name = annotation.value();
        JavaTypes types = new JavaTypes();
        List<InterfaceDescription.Method> described = new ArrayList<>();
        // Java does not say in which order they stand there; so the same classes always give the same description.
        Method[] all = type.getMethods();
        Arrays.sort(all, Comparator.comparing(Method::getName));
        for (Method method : all) {
            if (Modifier.isAbstract(method.getModifiers())) {
                JavaMethod read = read(method);
                if (methods.put(read.name(), read) != null) {
                    throw wrong(method, "there are two of that name");
                }
                described.add(describe(read, types));
            }
        }
        try {
            description =
                    new InterfaceDescription(name, annotation.documentation(), types.named(), described, List.of());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    type.getName() + " can be no Varlink interface: " + e.getMessage()
                            + "; @JsonProperty gives another name than that in Java",
                    e);
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it cannot be a Varlink interface; the message says why
     */
    static JavaInterface of(Class<?> type) {
        VarlinkInterface annotation = type.getAnnotation(VarlinkInterface.class);
        if (!type.isInterface() || annotation == null) {
            throw new IllegalArgumentException(
                    type.getName() + " is no interface with the annotation @VarlinkInterface(\"its.name\")");
        }
        if (!Names.isInterface(annotation.value())) {
            throw new IllegalArgumentException(type.getName() + " is called \"" + annotation.value()
                    + "\"; the name of an interface has two or more parts with letters, digits and hyphens, separated by dots,"
                    + " such as org.example.files");
        }
        return new JavaInterface(type, annotation);
    }

    private JavaMethod read(Method method) {
        String word = JavaTypes.name(method, method.getName());
        String varlinkName = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        if (!Names.isMember(varlinkName)) {
            throw wrong(method, "its name must have letters and digits alone");
        }
        if (Arrays.stream(method.getExceptionTypes()).noneMatch(thrown -> thrown.isAssignableFrom(IOException.class))) {
            throw wrong(method, "it must declare IOException, for calls that fail");
        }
        List<String> names = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            String parameterName = JavaTypes.name(parameter, "");
            if (parameterName.isEmpty() && !parameter.isNamePresent()) {
                throw wrong(
                        method,
                        "the names of its parameters are not known; compile it with javac -parameters, or give them with"
                                + " @JsonProperty");
            }
            names.add(parameterName.isEmpty() ? parameter.getName() : parameterName);
        }
        JavaType result = Json.MAPPER.constructType(method.getGenericReturnType());
        boolean isMore = result.getRawClass() == Replies.class;
        if (isMore) {
            result = result.containedTypeOrUnknown(0);
        }
        boolean isNothing = result.getRawClass() == void.class;
        if (!isNothing && !result.getRawClass().isRecord()) {
            throw wrong(
                    method,
                    "it returns " + result.toCanonical()
                            + "; it can return nothing, a record whose components are what is"
                            + " replied, or Replies of such a record");
        }
        return new JavaMethod(
                varlinkName,
                method,
                names,
                List.of(method.getGenericParameterTypes()),
                isNothing ? null : result,
                isMore);
    }

    private static InterfaceDescription.Method describe(JavaMethod method, JavaTypes types) {
        List<Field> input = new ArrayList<>();
        for (int i = 0; i < method.parameters().size(); i++) {
            String parameter = method.parameters().get(i);
            input.add(new Field(
                    parameter,
                    types.of(
                            method.types().get(i),
                            parameter + " of " + method.java().getName())));
        }
        Struct output = method.result() == null
                ? Struct.EMPTY
                : types.struct(Json.MAPPER.constructType(method.result()).getRawClass());
        String documentation = method.isMore() ? "With more: any number of replies." : "";
        return new InterfaceDescription.Method(method.name(), new Struct(input), output, documentation);
    }

    private static IllegalArgumentException wrong(Method method, String problem) {
        return new IllegalArgumentException(method.getDeclaringClass().getName() + "." + method.getName()
                + " can be no Varlink method: " + problem);
    }

    Class<?> type() {
        return type;
    }

    String name() {
        return name;
    }

    Map<String, JavaMethod> methods() {
        return methods;
    }

    /** {@return a description made from the Java interface} */
    InterfaceDescription description() {
        return description;
    }
}
