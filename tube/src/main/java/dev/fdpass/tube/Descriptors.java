package dev.fdpass.tube;

import dev.fdpass.AsFd;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors in a message: in records, lists, sets, arrays, values of maps and optionals, however deep.
 *
 * <pre>{@code
 * FromWorker message = tube.receive();
 * try {
 *     …
 * } finally {
 *     Descriptors.closeAll(message);
 * }
 * }</pre>
 */
public final class Descriptors {
    private static final ClassValue<List<MethodHandle>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<MethodHandle> computeValue(Class<?> type) {
            List<MethodHandle> accessors = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (mayHold(component.getType())) {
                    accessors.add(accessible(component.getAccessor()));
                }
            }
            return List.copyOf(accessors);
        }
    };

    private Descriptors() {}

    /**
     * Finds the descriptors in a message.
     *
     * @param message a message, or a part of one
     * @return what holds them, in the order of the components
     * @throws IllegalArgumentException if a record in it may not be read, because its package is not open to this module
     */
    public static List<AsFd> in(Object message) {
        List<AsFd> found = new ArrayList<>();
        visit(message, found::add);
        return found;
    }

    /**
     * Closes the descriptors in a message. What is closed already stays so.
     *
     * @param message a message, or a part of one
     * @throws IOException if closing one of them reports an error; all are closed
     */
    public static void closeAll(Object message) throws IOException {
        IOException first = null;
        for (AsFd each : in(message)) {
            try {
                if (each instanceof Closeable closeable) {
                    closeable.close();
                } else {
                    each.asFd().close();
                }
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void visit(@Nullable Object value, Consumer<AsFd> found) {
        switch (value) {
            case null -> {}
            case AsFd fd -> found.accept(fd);
            case Optional<?> optional -> visit(optional.orElse(null), found);
            case Collection<?> collection -> {
                for (Object each : collection) {
                    visit(each, found);
                }
            }
            case Map<?, ?> map -> {
                for (Object each : map.values()) {
                    visit(each, found);
                }
            }
            case Object[] array -> {
                for (Object each : array) {
                    visit(each, found);
                }
            }
            case Record all -> {
                for (MethodHandle accessor : ACCESSORS.get(all.getClass())) {
                    visit(component(accessor, all), found);
                }
            }
            default -> {}
        }
    }

    /** Whether a component of this type may hold a descriptor; most do not, and are not looked at. */
    private static boolean mayHold(Class<?> type) {
        return !(type.isPrimitive()
                || type.isEnum()
                || type == String.class
                || Number.class.isAssignableFrom(type)
                || (type.isArray() && type.getComponentType().isPrimitive()));
    }

    /** Whether its package is open to this module, or it is public in one that is exported to all. */
    static boolean mayRead(Class<?> type) {
        Module theirs = type.getModule();
        String name = type.getPackageName();
        return theirs.isOpen(name, Descriptors.class.getModule())
                || (Modifier.isPublic(type.getModifiers()) && theirs.isExported(name));
    }

    static String notOpen(Class<?> type) {
        return type.getName() + " may not be read; add \"opens " + type.getPackageName() + " to "
                + Descriptors.class.getModule().getName() + ";\" to the module "
                + type.getModule().getName();
    }

    private static MethodHandle accessible(Method accessor) {
        Class<?> type = accessor.getDeclaringClass();
        if (!accessor.trySetAccessible()) {
            throw new IllegalArgumentException(notOpen(type));
        }
        try {
            return MethodHandles.lookup().unreflect(accessor);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(type.getName() + " cannot be read", e);
        }
    }

    private static @Nullable Object component(MethodHandle accessor, Object of) {
        try {
            return accessor.invoke(of);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // an accessor of a record declares no other
        }
    }
}
