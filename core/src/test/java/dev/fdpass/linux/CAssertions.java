package dev.fdpass.linux;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;

/** A C source that compiles only if what is said in it about constants, sizes and offsets is so. */
final class CAssertions {
    /** Java names of what C calls otherwise. */
    private static final Map<String, String> C_NAMES = Map.of("IOV_MAX", "UIO_MAXIOV");

    private final StringBuilder includes = new StringBuilder("#define _GNU_SOURCE\n#include <stddef.h>\n");
    private final StringBuilder body = new StringBuilder("""
            #ifndef CMSG_ALIGN
            #define CMSG_ALIGN(length) CMSG_SPACE(length) - sizeof(struct cmsghdr)
            #endif
            """);

    CAssertions include(String... headers) {
        for (String header : headers) {
            includes.append("#include <").append(header).append(">\n");
        }
        return this;
    }

    /** Every {@code public static final int} of a class, whose name is that of the C macro. */
    void constantsOf(Class<?> type) throws IllegalAccessException {
        for (Field field : type.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                macro(C_NAMES.getOrDefault(field.getName(), field.getName()), field.getInt(null));
            }
        }
    }

    /** A macro, which older headers may lack; the compiler then says so. */
    private void macro(String name, long value) {
        body.append("#ifdef ").append(name).append('\n');
        equal(name, value);
        body.append("#else\n#warning ").append(name).append(" is not checked: no header has it\n#endif\n");
    }

    CAssertions equal(String expression, long value) {
        // Through int: C has some of these as unsigned, and others as negative numbers.
        body.append("_Static_assert((int) (%s) == (int) %dL, \"%s is not %d\");%n"
                .formatted(expression, value, expression, value));
        return this;
    }

    Struct struct(String type, int size) {
        equal("sizeof(" + type + ")", size);
        return new Struct(type);
    }

    /** The fields of one structure. */
    final class Struct {
        private final String type;

        private Struct(String type) {
            this.type = type;
        }

        Struct field(String name, int offset, int size) {
            equal("offsetof(" + type + ", " + name + ")", offset);
            equal("sizeof(((" + type + " *) 0)->" + name + ")", size);
            return this;
        }
    }

    String source() {
        return includes.toString() + body;
    }
}
