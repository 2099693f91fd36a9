package dev.fdpass.tube;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells Jackson that what is declared as a sealed interface carries the name of its class: {@code {"Name": …}}. */
final class SealedFamilies extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    private static final JsonTypeInfo.Value NAME_AROUND = JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.NAME, JsonTypeInfo.As.WRAPPER_OBJECT, null, null, false, null, null);

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    static boolean isFamily(Class<?> type) {
        return type.isInterface() && type.isSealed();
    }

    /**
     * Records and enums of a sealed interface, by name.
     *
     * @throws IllegalArgumentException if two have the same
     */
    static Map<String, Class<?>> members(Class<?> family) {
        Map<String, Class<?>> members = new LinkedHashMap<>();
        collect(family, members);
        return members;
    }

    private static void collect(Class<?> type, Map<String, Class<?>> members) {
        if (isFamily(type)) {
            for (Class<?> each : type.getPermittedSubclasses()) {
                collect(each, members);
            }
        } else {
            Class<?> other = members.putIfAbsent(name(type), type);
            if (other != null && other != type) {
                throw new IllegalArgumentException(other.getName() + " and " + type.getName() + " have the same name \""
                        + name(type) + "\"; give one another with @JsonTypeName");
            }
        }
    }

    private static String name(Class<?> type) {
        JsonTypeName name = type.getAnnotation(JsonTypeName.class);
        return name == null || name.value().isEmpty() ? type.getSimpleName() : name.value();
    }

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
            MapperConfig<?> config, AnnotatedClass type, JavaType baseType) {
        return isFamily(type.getRawType()) ? new StdTypeResolverBuilder().init(NAME_AROUND, null) : null;
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated type) {
        if (!isFamily(type.getRawType())) {
            return null;
        }
        List<NamedType> subtypes = new ArrayList<>();
        members(type.getRawType()).forEach((name, each) -> subtypes.add(new NamedType(each, name)));
        return subtypes;
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass type) {
        Class<?> raw = type.getRawType();
        // A constant of an enum may have a class of its own.
        Class<?> named = Enum.class.isAssignableFrom(raw) && !raw.isEnum() ? raw.getSuperclass() : raw;
        return named.isRecord() || named.isEnum() ? name(named) : null;
    }
}
