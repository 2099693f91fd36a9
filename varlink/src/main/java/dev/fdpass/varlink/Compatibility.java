package dev.fdpass.varlink;

import dev.fdpass.varlink.VarlinkType.Enumeration;
import dev.fdpass.varlink.VarlinkType.Field;
import dev.fdpass.varlink.VarlinkType.Named;
import dev.fdpass.varlink.VarlinkType.Simple;
import dev.fdpass.varlink.VarlinkType.Struct;
import java.util.HashSet;
import java.util.Set;

/** Whether a Java interface is what a description says. Names of types are of no account: only what is on the wire is. */
final class Compatibility {
    private final InterfaceDescription described;
    private final InterfaceDescription java;
    /** Pairs of named types that are being compared, or were. */
    private final Set<String> compared = new HashSet<>();

    private Compatibility(InterfaceDescription described, InterfaceDescription java) {
        this.described = described;
        this.java = java;
    }

    /**
     * Compares them.
     *
     * @param described how the interface is described
     * @param type what is to be the same
     * @throws IllegalArgumentException if it differs; the message says where
     */
    static void check(InterfaceDescription described, JavaInterface type) {
        if (!described.name().equals(type.name())) {
            throw new IllegalArgumentException("the description is of " + described.name() + ", "
                    + type.type().getName() + " is " + type.name());
        }
        new Compatibility(described, type.description()).check();
    }

    private void check() {
        for (InterfaceDescription.Method method : described.methods()) {
            InterfaceDescription.Method same = java.method(method.name())
                    .orElseThrow(() -> new IllegalArgumentException("the description of " + described.name()
                            + " has a method " + method.name() + ", the Java interface has none"));
            check(method.input(), same.input(), method.name() + ", parameter");
            check(method.output(), same.output(), method.name() + ", reply");
        }
        for (InterfaceDescription.Method method : java.methods()) {
            if (described.method(method.name()).isEmpty()) {
                throw new IllegalArgumentException("the Java interface has a method " + method.name()
                        + ", the description of " + described.name() + " has none");
            }
        }
    }

    private void check(VarlinkType one, VarlinkType other, String where) {
        if (one instanceof Named || other instanceof Named) {
            if (compared.add(one + " " + other)) {
                check(resolve(described, one), resolve(java, other), where);
            }
            return;
        }
        boolean isSame = switch (one) {
            case Simple simple -> isSame(simple, other);
            case VarlinkType.Optional optional
            when other instanceof VarlinkType.Optional same -> {
                check(optional.type(), same.type(), where);
                yield true;
            }
            case VarlinkType.Array array
            when other instanceof VarlinkType.Array same -> {
                check(array.element(), same.element(), where + "[]");
                yield true;
            }
            case VarlinkType.Dictionary dictionary
            when other instanceof VarlinkType.Dictionary same -> {
                check(dictionary.value(), same.value(), where + "[string]");
                yield true;
            }
            case Struct struct
            when other instanceof Struct same -> {
                checkFields(struct, same, where);
                yield true;
            }
            case Enumeration values
            when other instanceof Enumeration same ->
                new HashSet<>(values.values()).equals(new HashSet<>(same.values()));
            default -> false;
        };
        if (!isSame) {
            throw new IllegalArgumentException(where + " is " + one + " in the description of " + described.name()
                    + ", and " + other + " in the Java interface");
        }
    }

    private static boolean isSame(Simple one, VarlinkType other) {
        boolean isAny = one == Simple.OBJECT || one == Simple.ANY;
        return one == other || (isAny && other == Simple.OBJECT);
    }

    private void checkFields(Struct struct, Struct same, String where) {
        for (Field field : struct.fields()) {
            Field other = same.fields().stream()
                    .filter(each -> each.name().equals(field.name()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(where + " " + field.name()
                            + " is in the description of " + described.name() + ", and not in the Java interface"));
            check(field.type(), other.type(), where + " " + field.name());
        }
        for (Field field : same.fields()) {
            if (struct.fields().stream().noneMatch(each -> each.name().equals(field.name()))) {
                throw new IllegalArgumentException(where + " " + field.name()
                        + " is in the Java interface, and not in the description of " + described.name());
            }
        }
    }

    private static VarlinkType resolve(InterfaceDescription in, VarlinkType type) {
        return type instanceof Named named ? in.type(named.name()).orElseThrow() : type;
    }
}
