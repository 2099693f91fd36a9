package dev.fdpass.jdk;

import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * The numbers in the JDK's file descriptors, where {@code java.base} opens its packages {@code java.io} and
 * {@code sun.nio.ch} to this module and their fields are those of JDK 25.
 */
final class FileInternals {
    static final String PACKAGE = "java.io";

    private static final Optional<Field> NUMBER = field(FileDescriptor.class.getName(), "fd");
    private static final Optional<Field> OF_CHANNEL = field(SocketInternals.PACKAGE + ".FileChannelImpl", "fd");

    private FileInternals() {}

    private static Optional<Field> field(String type, String name) {
        try {
            Field field = Class.forName(type).getDeclaredField(name);
            return field.trySetAccessible() ? Optional.of(field) : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.empty(); // another JDK
        }
    }

    /** Whether {@code java.io} is open. */
    static boolean isOpened() {
        return NUMBER.isPresent();
    }

    /** {@link Numbers#NONE} without the flag; -1 also if it is closed. */
    static int number(FileDescriptor descriptor) {
        return NUMBER.isEmpty() ? Numbers.NONE : (int) get(NUMBER.get(), descriptor);
    }

    /** {@link Numbers#NONE} without the flags. */
    static int number(FileChannel channel) {
        return OF_CHANNEL.isEmpty() ? Numbers.NONE : number((FileDescriptor) get(OF_CHANNEL.get(), channel));
    }

    /** Makes a descriptor object that nobody else has one for the number. */
    static void setNumber(FileDescriptor descriptor, int number) {
        try {
            NUMBER.orElseThrow().setInt(descriptor, number);
        } catch (IllegalAccessException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object get(Field field, Object from) {
        try {
            return field.get(from);
        } catch (IllegalAccessException e) {
            throw new LinkageError(e.getMessage(), e); // it was made accessible
        }
    }
}
