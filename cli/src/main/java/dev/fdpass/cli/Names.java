package dev.fdpass.cli;

import dev.fdpass.systemd.NamedFd;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of descriptors: those that {@code LISTEN_FDNAMES} can carry, {@code sd_listen_fds(3)}. */
public final class Names {
    private Names() {}

    /**
     * Checks a name.
     *
     * @param name any text
     * @return the same
     * @throws IllegalArgumentException if it is no name; it says what is
     */
    public static String check(String name) {
        if (name.isEmpty() || !NamedFd.isValidName(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' is no name for descriptors; it must be 1 to 255 printable" + " ASCII characters without ':'");
        }
        return name;
    }

    /**
     * Names with {@code ':'} between them.
     *
     * @param text one name or more
     * @return the names
     */
    public static List<String> list(String text) {
        List<String> all = List.of(text.split(":", -1));
        all.forEach(Names::check);
        return all;
    }

    /** A name from the command line. */
    public static final class ToName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return check(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
