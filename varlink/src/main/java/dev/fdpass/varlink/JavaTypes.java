package dev.fdpass.varlink;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.OwnedFd;
import dev.fdpass.varlink.VarlinkType.Field;
import dev.fdpass.varlink.VarlinkType.Simple;
import dev.fdpass.varlink.VarlinkType.Struct;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Types of Java as those of an interface description. Records and enums become types with a name. */
final class JavaTypes {
    private static final Map<Class<?>, VarlinkType> SIMPLE = new HashMap<>();

    static {
        for (Class<?> type : List.of(
                long.class, int.class, short.class, byte.class, Long.class, Integer.class, Short.class, Byte.class)) {
            SIMPLE.put(type, Simple.INT);
        }
        for (Class<?> type : List.of(double.class, float.class, Double.class, Float.class)) {
            SIMPLE.put(type, Simple.FLOAT);
        }
        SIMPLE.put(boolean.class, Simple.BOOL);
        SIMPLE.put(Boolean.class, Simple.BOOL);
        SIMPLE.put(String.class, Simple.STRING);
        SIMPLE.put(byte[].class, Simple.STRING); // Base64
        SIMPLE.put(OwnedFd.class, Simple.INT);
        SIMPLE.put(JsonNode.class, Simple.OBJECT);
        SIMPLE.put(ObjectNode.class, Simple.OBJECT);
        SIMPLE.put(OptionalInt.class, new VarlinkType.Optional(Simple.INT));
        SIMPLE.put(OptionalLong.class, new VarlinkType.Optional(Simple.INT));
        SIMPLE.put(OptionalDouble.class, new VarlinkType.Optional(Simple.FLOAT));
    }

    /** What was found, with the Java type that it is. */
    private final Map<String, Class<?>> names = new LinkedHashMap<>();

    private final Map<String, VarlinkType> named = new LinkedHashMap<>();

    /** {@return the types with names that were found so far} */
    List<InterfaceDescription.Type> named() {
        return named.entrySet().stream()
                .map(entry -> new InterfaceDescription.Type(entry.getKey(), entry.getValue(), ""))
                .toList();
    }

    /** The name in a description: an annotation's, or else that of Java. */
    static String name(AnnotatedElement element, String javaName) {
        JsonProperty property = element.getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty() ? javaName : property.value();
    }

    /**
     * A type of Java as one of Varlink.
     *
     * @param where what has it, for people
     * @throws IllegalArgumentException if there is none
     */
    VarlinkType of(Type type, String where) {
        JavaType java = Json.MAPPER.constructType(type);
        Class<?> raw = java.getRawClass();
        VarlinkType simple = SIMPLE.get(raw);
        if (simple != null) {
            return simple;
        }
        if (raw == Optional.class) {
            VarlinkType inner = of(java.containedTypeOrUnknown(0), where);
            if (inner instanceof VarlinkType.Optional) {
                throw new IllegalArgumentException(where + " is an optional of an optional; one is enough");
            }
            return new VarlinkType.Optional(inner);
        }
        if (java.isArrayType() || Collection.class.isAssignableFrom(raw)) {
            return new VarlinkType.Array(of(java.getContentType(), where));
        }
        if (Map.class.isAssignableFrom(raw) && java.getKeyType().getRawClass() == String.class) {
            return new VarlinkType.Dictionary(of(java.getContentType(), where));
        }
        if (raw.isRecord() || raw.isEnum()) {
            return named(raw, where);
        }
        throw new IllegalArgumentException(where + " is a " + java.toCanonical()
                + ", which Varlink has no type for; it can be boolean, a number, String, an enum, a record, a list, an array, a"
                + " Map with String keys, JsonNode, OwnedFd, or Optional of one of these");
    }

    private VarlinkType named(Class<?> raw, String where) {
        String name = raw.getSimpleName();
        if (!Names.isMember(name)) {
            throw new IllegalArgumentException(where + " is of the type " + name
                    + "; the name of a type begins with a capital and has letters and digits");
        }
        Class<?> before = names.putIfAbsent(name, raw);
        if (before == null) {
            VarlinkType unused = named.put(name, Struct.EMPTY); // it may have itself in it, and keeps its place
            named.put(name, raw.isEnum() ? values(raw) : struct(raw));
        } else if (before != raw) {
            throw new IllegalArgumentException("both " + before.getName() + " and " + raw.getName() + " are called "
                    + name + "; rename one of them");
        }
        return new VarlinkType.Named(name);
    }

    private static VarlinkType values(Class<?> raw) {
        List<String> values = new ArrayList<>();
        for (java.lang.reflect.Field field : raw.getFields()) {
            if (field.isEnumConstant()) {
                values.add(name(field, field.getName()));
            }
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException("the enum " + raw.getName() + " has no constants; it needs one or more");
        }
        return new VarlinkType.Enumeration(values);
    }

    /** The components of a record. */
    Struct struct(Class<?> raw) {
        if (raw.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(raw.getName()
                    + Arrays.toString(raw.getTypeParameters()).replace('[', '<').replace(']', '>')
                    + " is a generic record, and Varlink has no generic types; write a record without type parameters");
        }
        Json.PACKAGES.passOn(raw); // or it would be found out with the first call, and the peer be told
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            String name = name(component.getAccessor(), component.getName());
            fields.add(new Field(name, of(component.getGenericType(), name + " of " + raw.getName())));
        }
        return new Struct(fields);
    }
}
