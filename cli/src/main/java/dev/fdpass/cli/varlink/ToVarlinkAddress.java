package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import picocli.CommandLine.ITypeConverter;

/** {@code unix:/path}, {@code unix:@name}, or either without {@code unix:}. */
final class ToVarlinkAddress implements ITypeConverter<UnixAddress> {
    private static final String UNIX = "unix:";

    @Override
    public UnixAddress convert(String text) {
        return new Converters.ToAddress().convert(text.startsWith(UNIX) ? text.substring(UNIX.length()) : text);
    }
}
