package dev.fdpass.varlink;

import static dev.fdpass.fuzz.Inputs.check;

import dev.fdpass.fuzz.Inputs;
import org.junit.jupiter.api.DisplayName;

/** The interface description language: {@link InterfaceDescription#parse}. */
@DisplayName(
        "Any text is the description of an interface, which can be written and read again, or refused with its place")
public final class InterfaceDescriptionFuzz {
    private InterfaceDescriptionFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = Inputs.text(input);
        InterfaceDescription description;
        try {
            description = InterfaceDescription.parse(text);
        } catch (VarlinkSyntaxException e) {
            String[] lines = text.split("\n", -1);
            check(e.line() >= 1 && e.line() <= lines.length, "line %d of %d", e.line(), lines.length);
            int length = lines[e.line() - 1].length();
            check(e.column() >= 1 && e.column() <= length + 1, "column %d of %d", e.column(), length);
            return;
        }
        String written = description.text();
        InterfaceDescription again = InterfaceDescription.parse(written);
        check(again.equals(description), "another one when it is read again: %s", written);
        check(again.text().equals(written), "another text when it is written again: %s", written);
    }
}
