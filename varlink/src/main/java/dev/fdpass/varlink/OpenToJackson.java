package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.introspect.VisibilityChecker;
import java.lang.reflect.Modifier;

/**
 * Passes on to Jackson that a package is open to this module, so that users need to know of one module only; who has not opened
 * it is told the line to add. Jackson asks once for every class, before it touches it.
 */
final class OpenToJackson extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    private static final Module OURS = OpenToJackson.class.getModule();
    private static final Module JACKSON = ObjectMapper.class.getModule();

    @Override
    public VisibilityChecker<?> findAutoDetectVisibility(AnnotatedClass type, VisibilityChecker<?> checker) {
        passOn(type.getRawType());
        return checker;
    }

    /**
     * Passes it on.
     *
     * @throws IllegalArgumentException if it is a record that Jackson may not read; the message says what to add
     */
    static void passOn(Class<?> type) {
        Module theirs = type.getModule();
        String name = type.getPackageName();
        if (!theirs.isNamed() || theirs.isOpen(name, JACKSON)) {
            return;
        }
        if (theirs.isOpen(name, OURS)) {
            theirs.addOpens(name, JACKSON);
        } else if (type.isRecord() && !(Modifier.isPublic(type.getModifiers()) && theirs.isExported(name, JACKSON))) {
            throw new IllegalArgumentException(notOpen(type));
        }
    }

    static String notOpen(Class<?> type) {
        return type.getName() + " may not be read; add \"opens " + type.getPackageName() + " to " + OURS.getName()
                + ";\" to the module " + type.getModule().getName();
    }
}
