package dev.fdpass.cli.inspect;

import dev.fdpass.cli.FileArgument;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to be looked at: {@code PID}, {@code PID:N} or {@code fd:N}.
 *
 * @param process its number
 * @param number of a descriptor of it, or empty for all
 * @param inherited whether it was written as {@code fd:N}
 */
record Target(long process, OptionalInt number, boolean inherited) {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<process>[1-9][0-9]{0,8})(?::|$)|" + FileArgument.INHERITED + ")(?<number>[0-9]{1,9})?");

    static Target of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || (form.group("number") == null && !Character.isDigit(text.charAt(text.length() - 1)))) {
            throw new IllegalArgumentException("TARGET '" + text + "' is neither the number of a process (1234), nor a"
                    + " descriptor of one (1234:5), nor one that fdpass inherited (fd:5)");
        }
        String process = form.group("process");
        String number = form.group("number");
        return new Target(
                process == null ? ProcessHandle.current().pid() : Long.parseLong(process),
                number == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number)),
                process == null);
    }
}
