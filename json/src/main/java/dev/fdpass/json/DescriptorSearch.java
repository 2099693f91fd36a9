package dev.fdpass.json;

import dev.fdpass.AsFd;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptors in a value: in records, lists, sets, arrays, values of maps and optionals, however deep. Not in
 * whatever else is {@link Iterable}: a {@link java.nio.file.Path} of one name has itself in it.
 *
 * <p>Safe for use by several threads.
 */
public final class DescriptorSearch {
    private final OpenPackages packages;

    private final ClassValue<List<MethodHandle>> accessors = new ClassValue<>() {
        @Override
        protected List<MethodHandle> computeValue(Class<?> type) {
            List<MethodHandle> found = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (mayHold(component.getType())) {
                    found.add(accessible(component.getAccessor()));
                }
            }
            return List.copyOf(found);
        }
    };

    /**
     * A search.
     *
     * @param packages what it may look into
     */
    public DescriptorSearch(OpenPackages packages) {
        this.packages = packages;
    }

    /**
     * Finds them all. Where it may not look, or an accessor throws, it goes on with the rest, and says so at the end:
     * none of the others must stay open for it.
     *
     * @param value a value, or null
     * @param found told of each, in the order of the components
     * @throws IllegalArgumentException if a record in it may not be read, because its package is not open; the message
     *     says what to add
     * @throws RuntimeException what an accessor threw
     */
    public void in(@Nullable Object value, Consumer<AsFd> found) {
        Walk walk = new Walk(found);
        walk.visit(value);
        if (walk.failure != null) {
            throw walk.failure;
        }
    }

    private final class Walk {
        private final Consumer<AsFd> found;
        private @Nullable RuntimeException failure;

        Walk(Consumer<AsFd> found) {
            this.found = found;
        }

        void visit(@Nullable Object value) {
            switch (value) {
                case null -> {}
                case AsFd fd -> found.accept(fd);
                case Optional<?> optional -> visit(optional.orElse(null));
                case Collection<?> collection -> {
                    for (Object each : collection) {
                        visit(each);
                    }
                }
                case Map<?, ?> map -> visit(map.values());
                case Object[] array -> {
                    for (Object each : array) {
                        visit(each);
                    }
                }
                case Record all -> visitComponents(all);
                default -> {}
            }
        }

        private void visitComponents(Record all) {
            List<MethodHandle> components;
            try {
                components = accessors.get(all.getClass());
            } catch (IllegalArgumentException e) {
                fail(e);
                return;
            }
            for (MethodHandle accessor : components) {
                Object value;
                try {
                    value = component(accessor, all);
                } catch (RuntimeException e) {
                    fail(e);
                    continue;
                }
                visit(value);
            }
        }

        private void fail(RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
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

    private MethodHandle accessible(Method accessor) {
        Class<?> type = accessor.getDeclaringClass();
        packages.passOn(type);
        if (!accessor.trySetAccessible()) {
            throw new IllegalArgumentException(packages.notOpen(type));
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
