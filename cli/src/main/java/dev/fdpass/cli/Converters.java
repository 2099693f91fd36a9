package dev.fdpass.cli;

import dev.fdpass.UnixAddress;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How picocli reads the values of our options. */
public final class Converters {
    private Converters() {}

    private static <T> T convert(String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** A path, or {@code @name}. */
    public static final class ToAddress implements ITypeConverter<UnixAddress> {
        @Override
        public UnixAddress convert(String text) {
            return Converters.convert(text, UnixAddress::of);
        }
    }

    /** A type of socket. */
    public static final class ToSocketType implements ITypeConverter<SocketType> {
        @Override
        public SocketType convert(String text) {
            return Converters.convert(text, SocketType::of);
        }
    }

    /** A length of time. */
    public static final class ToDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Converters.convert(text, Durations::parse);
        }
    }
}
