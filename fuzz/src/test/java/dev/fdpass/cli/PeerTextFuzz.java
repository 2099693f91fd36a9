package dev.fdpass.cli;

import static dev.fdpass.fuzz.Inputs.check;

import dev.fdpass.fuzz.Inputs;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

/** What a peer chose: the name of a file, and text that is shown. */
@DisplayName("Any name that a peer chose stays within the directory, and commands no terminal")
public final class PeerTextFuzz {
    private static final Path DIRECTORY = Path.of("saved");

    private PeerTextFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = Inputs.text(input).replace("\0", ""); // in no name that the kernel gives
        saved(text);
        shown(text);
    }

    private static void saved(String text) {
        String name = SaveDirectory.name(text);
        check(!name.isBlank(), "no name");
        Path path;
        try {
            path = DIRECTORY.resolve(name);
        } catch (InvalidPathException e) {
            return; // not in the encoding of pathnames
        }
        check(path.normalize().equals(path), "%s leads somewhere", path);
        check(DIRECTORY.equals(path.getParent()), "%s is not in the directory", path);
        check(path.getFileName().toString().equals(name), "%s is called otherwise", path);
    }

    private static void shown(String text) {
        String shown = Printable.of(text);
        check(
                shown.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT),
                "control characters are left in %s",
                shown);
        check(Printable.of(shown).equals(shown), "%s changes again", shown);
        check(shown.length() > text.length() || shown.equals(text), "%s lost something", shown);
    }
}
