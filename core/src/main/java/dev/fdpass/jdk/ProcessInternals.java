package dev.fdpass.jdk;

import java.io.FileDescriptor;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Optional;

/**
 * The redirection with which the JDK joins processes to a pipeline: of any descriptor. Where {@code java.base} opens its
 * packages {@code java.lang} and {@code java.io} to this module, and they are those of JDK 25.
 */
final class ProcessInternals {
    static final String PACKAGE = "java.lang";

    private static final Optional<ProcessInternals> OPENED = look();

    private final Constructor<?> constructor;
    private final Field descriptor;

    private ProcessInternals(Constructor<?> constructor, Field descriptor) {
        this.constructor = constructor;
        this.descriptor = descriptor;
    }

    private static Optional<ProcessInternals> look() {
        try {
            Class<?> type = Class.forName("java.lang.ProcessBuilder$RedirectPipeImpl");
            Constructor<?> constructor = type.getDeclaredConstructor();
            Field descriptor = type.getDeclaredField("fd");
            return constructor.trySetAccessible() && descriptor.trySetAccessible() && FileInternals.isOpened()
                    ? Optional.of(new ProcessInternals(constructor, descriptor))
                    : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.empty(); // another JDK
        }
    }

    /** Empty without the flags. */
    static Optional<ProcessInternals> opened() {
        return OPENED;
    }

    /** A redirection from or to a number, which it does not own. */
    Redirect redirect(int number) {
        try {
            Redirect redirect = (Redirect) constructor.newInstance();
            FileInternals.setNumber((FileDescriptor) descriptor.get(redirect), number);
            return redirect;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
