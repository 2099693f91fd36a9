package dev.fdpass.varlink;

import dev.fdpass.varlink.InterfaceDescription.ErrorType;
import dev.fdpass.varlink.InterfaceDescription.Method;
import dev.fdpass.varlink.VarlinkType.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a description that was not read from text, but put together, can be written as text and read again. */
final class DescriptionCheck {
    private final List<InterfaceDescription.Type> types;
    /** Of types, methods and errors, which have one space of names. */
    private final Set<String> names = new HashSet<>();

    private final Set<String> typeNames = new HashSet<>();

    DescriptionCheck(List<InterfaceDescription.Type> types) {
        this.types = types;
    }

    void check(String name, String documentation, List<Method> methods, List<ErrorType> errors) {
        if (!Names.isInterface(name)) {
            throw new IllegalArgumentException("the name \"" + name + "\"; the name of an interface has two or more"
                    + " parts with letters, digits and hyphens, separated by dots, such as org.example.files");
        }
        checkComment(documentation, name);
        for (InterfaceDescription.Type type : types) {
            typeNames.add(type.name());
        }
        for (InterfaceDescription.Type type : types) {
            String where = "type " + type.name();
            checkMember(type.name(), type.documentation(), where);
            if (!(type.type() instanceof VarlinkType.Struct || type.type() instanceof VarlinkType.Enumeration)) {
                throw new IllegalArgumentException(
                        where + " is " + type.type() + "; what has a name is a list of members or of values");
            }
            check(type.type(), where, 0);
        }
        for (Method method : methods) {
            String where = "method " + method.name();
            checkMember(method.name(), method.documentation(), where);
            check(method.input(), where + ", parameter", 0);
            check(method.output(), where + ", reply", 0);
        }
        for (ErrorType error : errors) {
            String where = "error " + error.name();
            checkMember(error.name(), error.documentation(), where);
            check(error.parameters(), where, 0);
        }
    }

    private void checkMember(String name, String documentation, String where) {
        if (!Names.isMember(name)) {
            throw new IllegalArgumentException(
                    where + ": the name begins with a capital and has letters and digits alone");
        }
        if (!names.add(name)) {
            throw new IllegalArgumentException(where + ": there is another type, method or error with that name");
        }
        checkComment(documentation, where);
    }

    private static void checkComment(String documentation, String where) {
        if (documentation.indexOf('\r') >= 0) {
            throw new IllegalArgumentException(
                    "the comment of " + where + " has a carriage return; separate lines with \\n alone");
        }
    }

    private void check(VarlinkType type, String where, int depth) {
        if (depth > InterfaceParser.DEEPEST) {
            throw new IllegalArgumentException(where + ": types nest deeper than " + InterfaceParser.DEEPEST);
        }
        switch (type) {
            case VarlinkType.Simple simple -> {}
            case VarlinkType.Named named -> {
                if (!typeNames.contains(named.name())) {
                    throw new IllegalArgumentException(
                            where + ": the type " + named.name() + " is not described in this interface");
                }
            }
            case VarlinkType.Optional optional -> {
                if (optional.type() instanceof VarlinkType.Optional) {
                    throw new IllegalArgumentException(where + ": an optional of an optional; one is enough");
                }
                check(optional.type(), where, depth + 1);
            }
            case VarlinkType.Array array -> check(array.element(), where, depth + 1);
            case VarlinkType.Dictionary dictionary -> check(dictionary.value(), where, depth + 1);
            case VarlinkType.Struct struct -> {
                Set<String> seen = new HashSet<>();
                for (Field field : struct.fields()) {
                    checkField(field.name(), seen, where);
                    check(field.type(), where + " " + field.name(), depth + 1);
                }
            }
            case VarlinkType.Enumeration enumeration -> {
                Set<String> seen = new HashSet<>();
                for (String value : enumeration.values()) {
                    checkField(value, seen, where);
                }
            }
        }
    }

    private static void checkField(String name, Set<String> seen, String where) {
        if (!Names.isField(name)) {
            throw new IllegalArgumentException(where + ": the name \"" + name
                    + "\"; a name has letters, digits and single underscores, and begins with a letter");
        }
        if (!seen.add(name)) {
            throw new IllegalArgumentException(where + ": the name " + name + " is there twice");
        }
    }
}
