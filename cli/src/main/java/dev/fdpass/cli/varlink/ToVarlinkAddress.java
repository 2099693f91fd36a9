package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.varlink.VarlinkClient;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code unix:/path}, {@code unix:@name}, or either without {@code unix:}. */
final class ToVarlinkAddress implements ITypeConverter<UnixAddress> {
    @Override
    public UnixAddress convert(String text) {
        try {
            return VarlinkClient.address(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
