package dev.fdpass.json;

import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.introspect.VisibilityChecker;
import java.lang.reflect.Modifier;

/**
 * The packages that users open to one of this library's modules, which passes that on to those that do the reading:
 * Jackson, and this module ({@link DescriptorSearch}). So users need to know of one module only; who has not opened a
 * package is told the line to add.
 *
 * <p>Immutable.
 */
public final class OpenPackages {
    private static final Module JACKSON = ObjectMapper.class.getModule();
    private static final Module JSON = OpenPackages.class.getModule();

    /** Calls {@link Module#addOpens}, which asks whose code it is called by: only who has been let in may let others in. */
    @FunctionalInterface
    public interface Opening {
        /**
         * Opens a package.
         *
         * @param theirs the module that has it
         * @param name its name
         * @param to to whom
         */
        void open(Module theirs, String name, Module to);
    }

    private final Module ours;
    private final Opening opening;
    private final boolean isJacksonEnough;

    private OpenPackages(Module ours, Opening opening, boolean isJacksonEnough) {
        this.ours = ours;
        this.opening = opening;
        this.isJacksonEnough = isJacksonEnough;
    }

    /**
     * What is open to a module.
     *
     * @param ours the module
     * @param opening {@link Module#addOpens}, called by code of that module
     * @return what is open to it
     */
    public static OpenPackages to(Module ours, Opening opening) {
        return new OpenPackages(ours, opening, false);
    }

    /**
     * {@return the same for who lets nobody but Jackson look into records: a package that is open to Jackson alone
     * is as good}
     */
    public OpenPackages orToJackson() {
        return new OpenPackages(ours, opening, true);
    }

    /**
     * Whether its package is open, or it is public in one that is exported.
     *
     * @param type the type
     * @return whether it may be read
     */
    public boolean mayRead(Class<?> type) {
        Module theirs = type.getModule();
        String name = type.getPackageName();
        boolean isPublic = Modifier.isPublic(type.getModifiers());
        return theirs.isOpen(name, ours)
                || (isPublic && theirs.isExported(name))
                || (isJacksonEnough
                        && (theirs.isOpen(name, JACKSON) || (isPublic && theirs.isExported(name, JACKSON))));
    }

    /**
     * Passes on that the package of a type is open, if it is.
     *
     * @param type the type
     * @throws IllegalArgumentException if it is a record that may not be read; the message says what to add
     */
    public void passOn(Class<?> type) {
        Module theirs = type.getModule();
        if (!theirs.isNamed()) {
            return; // all is open
        }
        String name = type.getPackageName();
        if (theirs.isOpen(name, ours)) {
            opening.open(theirs, name, JACKSON);
            opening.open(theirs, name, JSON);
        } else if (type.isRecord() && !mayRead(type)) {
            throw new IllegalArgumentException(notOpen(type));
        }
    }

    /**
     * What to tell whoever has not opened a package.
     *
     * @param type a type in it
     * @return what to add
     */
    public String notOpen(Class<?> type) {
        return type.getName() + " may not be read; add \"opens " + type.getPackageName() + " to " + ours.getName()
                + ";\" to the module " + type.getModule().getName();
    }

    /**
     * {@return what a mapper is to be told: Jackson asks it once for every class, before it touches that, and so it
     * is passed on}
     */
    public AnnotationIntrospector introspector() {
        return new Introspector(this);
    }

    private static final class Introspector extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        private final transient OpenPackages packages;

        Introspector(OpenPackages packages) {
            this.packages = packages;
        }

        @Override
        public VisibilityChecker<?> findAutoDetectVisibility(AnnotatedClass type, VisibilityChecker<?> checker) {
            packages.passOn(type.getRawType());
            return checker;
        }
    }
}
