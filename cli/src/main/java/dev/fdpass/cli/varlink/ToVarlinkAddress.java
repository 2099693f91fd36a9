package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code unix:/path}, {@code unix:@name}, or either without {@code unix:}. */
final class ToVarlinkAddress implements ITypeConverter<UnixAddress> {
    private static final String UNIX = "unix:";

    @Override
    public UnixAddress convert(String text) {
        try {
            return UnixAddress.of(text.startsWith(UNIX) ? text.substring(UNIX.length()) : text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
