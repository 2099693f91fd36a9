package dev.fdpass.cli;

import dev.fdpass.systemd.NamedFd;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Names of descriptors: those that {@code LISTEN_FDNAMES} can carry, {@code sd_listen_fds(3)}.
 *
 * @param all one or more
 */
public record Names(List<String> all) {
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
                    + "' is no name for descriptors; it must be 1 to 255 printable ASCII characters without ':'");
        }
        return name;
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

    /** Names from the command line, with {@code ':'} between them. */
    public static final class ToNames implements ITypeConverter<Names> {
        @Override
        public Names convert(String text) {
            List<String> all = List.of(text.split(":", -1));
            try {
                all.forEach(Names::check);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
            return new Names(all);
        }
    }
}
