package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.linux.Environ;
import dev.fdpass.linux.NativeText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * The variables of a new program: those of this process or none, and changes to them. What is said last of a variable counts.
 *
 * @param isOwn whether it begins with those of this process
 * @param changes what is set, or removed
 * @param numbersIn which are to hold the number of the program's process
 */
record Environment(boolean isOwn, Map<String, Optional<String>> changes, SequencedSet<String> numbersIn) {
    static final Environment OWN = new Environment(true, Map.of(), Collections.emptyNavigableSet());

    /** Nothing but these. */
    static Environment of(Map<String, String> variables) {
        Map<String, Optional<String>> all = new LinkedHashMap<>();
        variables.forEach((name, value) -> all.put(checkName(name), Optional.of(checkValue(name, value))));
        return new Environment(false, all, OWN.numbersIn);
    }

    Environment with(String name, String value) {
        return changed(checkName(name), Optional.of(checkValue(name, value)));
    }

    Environment without(String name) {
        return changed(checkName(name), Optional.empty());
    }

    private Environment changed(String name, Optional<String> value) {
        Map<String, Optional<String>> all = new LinkedHashMap<>(changes);
        all.put(name, value);
        SequencedSet<String> numbers = new LinkedHashSet<>(numbersIn);
        numbers.remove(name);
        return new Environment(isOwn, all, numbers);
    }

    Environment withNumberIn(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("the variable for the process number is \"" + name
                    + "\"; it must be of letters, digits and underscores, and not begin with a digit");
        }
        Environment without = without(name);
        SequencedSet<String> numbers = new LinkedHashSet<>(without.numbersIn);
        numbers.add(name);
        return new Environment(isOwn, without.changes, numbers);
    }

    /** With the number in each variable that is to hold it. */
    Environment withNumber(long process) {
        Environment all = this;
        for (String name : numbersIn) {
            all = all.with(name, Long.toString(process));
        }
        return all;
    }

    private static String checkName(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a variable is \"" + name
                    + "\"; it must have at least one character, and neither '=' nor NUL");
        }
        return name;
    }

    private static String checkValue(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of " + name + " contains a NUL character; leave it out");
        }
        return value;
    }

    /**
     * Each as {@code name=value}, by name as {@link Environ} has it, but for those with the process number; what is not
     * changed, byte for byte as this process got it.
     */
    SequencedMap<String, byte[]> variables() {
        SequencedMap<String, byte[]> all = isOwn ? Environ.variables() : new LinkedHashMap<>();
        changes.forEach((name, value) -> {
            String key = new String(NativeText.bytes(name), ISO_8859_1);
            value.ifPresentOrElse(
                    present -> all.put(key, NativeText.bytes(name + "=" + present)), () -> all.remove(key));
        });
        return all;
    }
}
