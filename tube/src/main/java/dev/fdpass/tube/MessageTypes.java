package dev.fdpass.tube;

import dev.fdpass.AsFd;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a message is made of, as its types declare it: looked at before the first one is sent, so that what can never be
 * received is refused then.
 */
final class MessageTypes {
    private static final ClassValue<Set<Class<?>>> CHECKED = new ClassValue<>() {
        @Override
        protected Set<Class<?>> computeValue(Class<?> type) {
            MessageTypes types = new MessageTypes();
            types.message(type, type.getSimpleName());
            return Collections.unmodifiableSet(types.seen);
        }
    };

    private final Set<Class<?>> seen = new LinkedHashSet<>();
    private final Set<TypeVariable<?>> variables = new HashSet<>();

    private MessageTypes() {}

    /**
     * Records, enums and sealed interfaces that a message of this type can contain, itself included.
     *
     * @throws IllegalArgumentException if it cannot be a message
     */
    static Set<Class<?>> of(Class<?> message) {
        return CHECKED.get(message);
    }

    private void message(Class<?> type, String where) {
        if (type.isSealed() && !type.isEnum()) {
            if (!type.isInterface()) {
                throw refused(where, type.getName() + " is a sealed class; make it a sealed interface of records");
            }
            if (seen.add(type)) {
                for (Class<?> each : type.getPermittedSubclasses()) {
                    message(each, each.getSimpleName());
                }
            }
        } else if (type.isRecord() || type.isEnum()) {
            ordinary(type, where);
        } else {
            throw refused(where, type.getName() + " is no record, enum or sealed interface of those; messages are");
        }
    }

    private void component(Type type, String where) {
        switch (type) {
            case Class<?> plain -> ordinary(plain, where);
            case ParameterizedType generic -> parameterized(generic, where);
            case GenericArrayType array -> component(array.getGenericComponentType(), where);
            case WildcardType wildcard -> component(wildcard.getUpperBounds()[0], where);
            case TypeVariable<?> variable -> {
                if (variables.add(variable)) { // its bound may name it again
                    component(variable.getBounds()[0], where);
                }
            }
            default -> {}
        }
    }

    private void ordinary(Class<?> type, String where) {
        if (AsFd.class.isAssignableFrom(type)) {
            if (type == Tube.class) {
                throw refused(where, "a tube without its messages; write Tube<Sent, Received>");
            }
            if (!FdKind.isOne(type)) {
                throw refused(
                        where,
                        type.getName() + " is no type that a descriptor can be received as; there are "
                                + FdKind.names());
            }
        } else if (type.isArray()) {
            ordinary(type.getComponentType(), where);
        } else if (type.isRecord()) {
            if (!Descriptors.PACKAGES.mayRead(type)) {
                throw refused(where, Descriptors.PACKAGES.notOpen(type));
            }
            if (seen.add(type)) {
                for (RecordComponent each : type.getRecordComponents()) {
                    component(each.getGenericType(), type.getSimpleName() + "." + each.getName());
                }
            }
        } else if (type.isSealed() && type.isInterface() && !isOfThePlatform(type)) {
            message(type, where);
        } else if (type.isEnum()) {
            seen.add(type);
        }
    }

    private static boolean isOfThePlatform(Class<?> type) {
        return type.getName().startsWith("java.");
    }

    private void parameterized(ParameterizedType type, String where) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Tube.class) {
            for (Type each : arguments) {
                if (!(each instanceof Class<?> message)) {
                    throw refused(where, "Tube<…> of " + each + "; name a class of messages");
                }
                message(message, where);
            }
            return;
        }
        if (Map.class.isAssignableFrom(raw)
                && arguments[0] instanceof Class<?> key
                && (AsFd.class.isAssignableFrom(key) || key.isRecord())) {
            throw refused(where, "keys of a map are " + key.getName() + "; they must be text, numbers or enums");
        }
        ordinary(raw, where);
        for (Type each : arguments) {
            component(each, where);
        }
    }

    private static IllegalArgumentException refused(String where, String why) {
        return new IllegalArgumentException(where + ": " + why);
    }
}
