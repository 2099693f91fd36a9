package dev.fdpass.varlink;

import java.util.List;
import java.util.stream.Collectors;

/** A type of the interface description language. Immutable. */
public sealed interface VarlinkType {
    /** The types that are a word. A descriptor is an {@link #INT}, the index of one that comes with the message. */
    enum Simple implements VarlinkType {
        /** {@code bool} */
        BOOL("bool"),
        /** {@code int}, 64 bits with a sign. */
        INT("int"),
        /** {@code float}, 64 bits. */
        FLOAT("float"),
        /** {@code string} */
        STRING("string"),
        /** {@code object}: any JSON object, or, to systemd, any value. */
        OBJECT("object"),
        /** {@code any}, which systemd has: any JSON value. */
        ANY("any");

        private final String word;

        Simple(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * A type of this interface, by its name.
     *
     * @param name such as {@code State}
     */
    record Named(String name) implements VarlinkType {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * {@code ?type}: may be missing, or null.
     *
     * @param type never one that is itself optional
     */
    record Optional(VarlinkType type) implements VarlinkType {
        @Override
        public String toString() {
            return "?" + type;
        }
    }

    /**
     * {@code []type}
     *
     * @param element the type of each
     */
    record Array(VarlinkType element) implements VarlinkType {
        @Override
        public String toString() {
            return "[]" + element;
        }
    }

    /**
     * {@code [string]type}: a JSON object with any names. A set is one of the empty struct.
     *
     * @param value the type of each
     */
    record Dictionary(VarlinkType value) implements VarlinkType {
        @Override
        public String toString() {
            return "[string]" + value;
        }
    }

    /**
     * {@code (name: type, …)}: a JSON object with these members.
     *
     * @param fields in the order of their description
     */
    record Struct(List<Field> fields) implements VarlinkType {
        /** No members. */
        public static final Struct EMPTY = new Struct(List.of());

        /** Copies the list. */
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String toString() {
            return fields.stream().map(Field::toString).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /**
     * {@code (a, b, …)}: a JSON string, one of these.
     *
     * @param values at least one
     */
    record Enumeration(List<String> values) implements VarlinkType {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Enumeration {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a list of values without any; give one or more");
            }
        }

        @Override
        public String toString() {
            return "(" + String.join(", ", values) + ")";
        }
    }

    /**
     * A member of a {@link Struct}.
     *
     * @param name such as {@code fileDescriptor}
     * @param type what it is
     */
    record Field(String name, VarlinkType type) {
        @Override
        public String toString() {
            return name + ": " + type;
        }
    }
}
