package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds null in lists, arrays and maps of a value that was read. Jackson can refuse it there, but then also where an
 * {@link Optional} stands.
 */
final class JsonNulls {
    private JsonNulls() {}

    /**
     * Refuses a value with null in it.
     *
     * @param node what it was read from
     * @param value what was read
     * @throws Json.MismatchException if there is one
     */
    static void check(JsonNode node, Object value) throws Json.MismatchException {
        if (hasNull(node)) {
            check(value, "");
        }
    }

    /** The common case is that there is none at all. */
    private static boolean hasNull(JsonNode node) {
        for (JsonNode inner : node) {
            if (inner.isNull() || hasNull(inner)) {
                return true;
            }
        }
        return false;
    }

    private static void check(@Nullable Object value, String where) throws Json.MismatchException {
        switch (value) {
            case null ->
                throw new Json.MismatchException(
                        where.startsWith(".") ? where.substring(1) : where, "null, where a value is needed", null);
            case JsonNode any -> {} // has null as what it is
            case Optional<?> optional -> {
                if (optional.isPresent()) {
                    check(optional.get(), where);
                }
            }
            case Collection<?> values -> { // not any Iterable: a Path of one name has itself in it
                int index = 0;
                for (Object each : values) {
                    check(each, where + "[" + index++ + "]");
                }
            }
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    check(entry.getValue(), where + "." + entry.getKey());
                }
            }
            case Object[] values -> {
                for (int i = 0; i < values.length; i++) {
                    check(values[i], where + "[" + i + "]");
                }
            }
            case Record fields -> checkComponents(fields, where);
            default -> {}
        }
    }

    private static void checkComponents(Record fields, String where) throws Json.MismatchException {
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
            if (!component.getType().isPrimitive()) {
                try {
                    component.getAccessor().setAccessible(true); // as the mapper has seen to it
                    check(
                            component.getAccessor().invoke(fields),
                            where + "." + JavaTypes.name(component.getAccessor(), component.getName()));
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new Json.MismatchException(where, component + " cannot be read", e);
                }
            }
        }
    }
}
