package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.linux.Environ;
import dev.fdpass.linux.NativeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The variables of a new program: those of this process or none, and changes to them.
 *
 * @param isOwn whether it begins with those of this process
 * @param changes what is set, or removed
 */
record Environment(boolean isOwn, Map<String, Optional<String>> changes) {
    static final Environment OWN = new Environment(true, Map.of());

    /** Nothing but these. */
    static Environment of(Map<String, String> variables) {
        Map<String, Optional<String>> all = new LinkedHashMap<>();
        variables.forEach((name, value) -> all.put(checkName(name), Optional.of(checkValue(name, value))));
        return new Environment(false, all);
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
        return new Environment(isOwn, all);
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

    /** Each as {@code name=value}; what is not changed, byte for byte as this process got it. */
    List<byte[]> variables() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        if (isOwn) {
            for (byte[] variable : Environ.variables()) {
                String text = new String(variable, ISO_8859_1); // a character a byte
                int end = text.indexOf('=');
                all.put(end < 0 ? text : text.substring(0, end), variable);
            }
        }
        changes.forEach((name, value) -> {
            String key = new String(NativeText.bytes(name), ISO_8859_1);
            value.ifPresentOrElse(
                    present -> all.put(key, NativeText.bytes(name + "=" + present)), () -> all.remove(key));
        });
        return new ArrayList<>(all.values());
    }

    /** Whether the program is going to have this variable. */
    boolean has(String name) {
        byte[] beginning = NativeText.bytes(name + "=");
        return variables().stream()
                .anyMatch(variable -> variable.length >= beginning.length
                        && java.util.Arrays.equals(variable, 0, beginning.length, beginning, 0, beginning.length));
    }
}
