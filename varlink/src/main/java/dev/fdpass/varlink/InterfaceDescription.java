package dev.fdpass.varlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an interface consists of: its types, methods and errors, as the interface description language of Varlink writes it.
 *
 * <pre>{@code
 * # Opens files for those who may not.
 * interface org.example.files
 *
 * type Opened (file: int, size: int)
 *
 * # file is the index of a descriptor.
 * method Open(path: string) -> (opened: Opened)
 *
 * error NotFound (path: string)
 * }</pre>
 *
 * <p>Two are equal if they describe the same, comments included. Immutable.
 *
 * @param name such as {@code org.example.files}
 * @param documentation the comment before it, without {@code #}; lines are separated by {@code \n}; empty if there is none
 * @param types in the order of their description
 * @param methods in the order of their description
 * @param errors in the order of their description
 */
public record InterfaceDescription(
        String name, String documentation, List<Type> types, List<Method> methods, List<ErrorType> errors) {
    /** A line longer than this is broken. */
    private static final int LINE = 100;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the language cannot say that: a name is none, or there twice; a type is spoken of
     *     that is not there, is optional twice, or nests deeper than 64; a comment has a carriage return. The message says where
     */
    public InterfaceDescription {
        types = List.copyOf(types);
        methods = List.copyOf(methods);
        errors = List.copyOf(errors);
        new DescriptionCheck(types).check(name, documentation, methods, errors);
    }

    /**
     * A type with a name.
     *
     * @param name such as {@code State}
     * @param type a {@link VarlinkType.Struct} or {@link VarlinkType.Enumeration}
     * @param documentation as of the interface
     */
    public record Type(String name, VarlinkType type, String documentation) {}

    /**
     * A method.
     *
     * @param name such as {@code Open}
     * @param input its parameters
     * @param output what it replies
     * @param documentation as of the interface
     */
    public record Method(String name, VarlinkType.Struct input, VarlinkType.Struct output, String documentation) {}

    /**
     * An error.
     *
     * @param name such as {@code NotFound}
     * @param parameters what comes with it
     * @param documentation as of the interface
     */
    public record ErrorType(String name, VarlinkType.Struct parameters, String documentation) {}

    /**
     * Reads a description.
     *
     * @param text as in a file {@code .varlink}
     * @return what it says
     * @throws VarlinkSyntaxException if it is none: with line, column, what was expected and what is there
     */
    public static InterfaceDescription parse(String text) {
        return new InterfaceParser(text).parse();
    }

    /**
     * Finds a method.
     *
     * @param name such as {@code Open}
     * @return the method, or empty
     */
    public Optional<Method> method(String name) {
        return methods.stream().filter(method -> method.name().equals(name)).findFirst();
    }

    /**
     * Finds a type by its name.
     *
     * @param name such as {@code State}
     * @return the type, or empty
     */
    public Optional<VarlinkType> type(String name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .map(Type::type);
    }

    /** {@return the description as text, which {@link #parse} reads again} */
    public String text() {
        StringBuilder text = new StringBuilder();
        comment(text, documentation);
        text.append("interface ").append(name).append('\n');
        for (Type type : types) {
            text.append('\n');
            comment(text, type.documentation());
            text.append("type ").append(type.name()).append(' ');
            append(text, type.type(), "type ".length() + type.name().length() + 1, 0);
            text.append('\n');
        }
        for (Method method : methods) {
            text.append('\n');
            comment(text, method.documentation());
            text.append("method ").append(method.name());
            int column = "method ".length() + method.name().length();
            append(text, method.input(), column, 0);
            text.append(" -> ");
            append(text, method.output(), text.length() - text.lastIndexOf("\n"), 0);
            text.append('\n');
        }
        for (ErrorType error : errors) {
            text.append('\n');
            comment(text, error.documentation());
            text.append("error ").append(error.name()).append(' ');
            append(text, error.parameters(), "error ".length() + error.name().length() + 1, 0);
            text.append('\n');
        }
        return text.toString();
    }

    private static void comment(StringBuilder text, String documentation) {
        if (!documentation.isEmpty()) {
            for (String line : documentation.split("\n", -1)) {
                text.append(line.isEmpty() ? "#" : "# ").append(line).append('\n');
            }
        }
    }

    /** In a line if there is room, else a member a line. */
    private static void append(StringBuilder text, VarlinkType type, int column, int depth) {
        String line = type.toString();
        List<String> prefixes = new ArrayList<>();
        VarlinkType inner = type;
        while (!(inner instanceof VarlinkType.Struct || inner instanceof VarlinkType.Enumeration)) {
            switch (inner) {
                case VarlinkType.Array array -> {
                    prefixes.add("[]");
                    inner = array.element();
                }
                case VarlinkType.Dictionary dictionary -> {
                    prefixes.add("[string]");
                    inner = dictionary.value();
                }
                case VarlinkType.Optional optional -> {
                    prefixes.add("?");
                    inner = optional.type();
                }
                default -> {
                    text.append(line);
                    return;
                }
            }
        }
        if (column + line.length() <= LINE || line.endsWith("()")) {
            text.append(line);
            return;
        }
        String indent = "  ".repeat(depth + 1);
        text.append(String.join("", prefixes)).append('(');
        String separator = "\n";
        if (inner instanceof VarlinkType.Struct struct) {
            for (VarlinkType.Field field : struct.fields()) {
                text.append(separator).append(indent).append(field.name()).append(": ");
                append(text, field.type(), indent.length() + field.name().length() + 2, depth + 1);
                separator = ",\n";
            }
        } else if (inner instanceof VarlinkType.Enumeration enumeration) {
            for (String value : enumeration.values()) {
                text.append(separator).append(indent).append(value);
                separator = ",\n";
            }
        }
        text.append('\n').append("  ".repeat(depth)).append(')');
    }

    /** As {@link #text}. */
    @Override
    public String toString() {
        return text();
    }
}
