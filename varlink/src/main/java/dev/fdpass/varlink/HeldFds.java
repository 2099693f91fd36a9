package dev.fdpass.varlink;

import dev.fdpass.AsFd;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The descriptors in a reply of a service: in records, lists, arrays, maps and optionals of them. */
final class HeldFds {
    private HeldFds() {}

    /** Closes them, without waiting: whoever wants to know what closing says closes them himself. */
    static void close(@Nullable Object value) {
        switch (value) {
            case null -> {}
            case AsFd fd -> fd.asFd().closeAside();
            case Optional<?> optional -> close(optional.orElse(null));
            case Iterable<?> values -> {
                for (Object each : values) {
                    close(each);
                }
            }
            case Map<?, ?> map -> close(map.values());
            case Object[] values -> {
                for (Object each : values) {
                    close(each);
                }
            }
            case Record fields -> closeFields(fields);
            default -> {}
        }
    }

    private static void closeFields(Record fields) {
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
            if (!component.getType().isPrimitive() && component.getAccessor().trySetAccessible()) {
                try {
                    close(component.getAccessor().invoke(fields));
                } catch (IllegalAccessException | InvocationTargetException e) {
                    // It cannot be sent either, and that says why.
                }
            }
        }
    }
}
