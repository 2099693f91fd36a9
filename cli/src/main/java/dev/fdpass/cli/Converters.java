package dev.fdpass.cli;

import dev.fdpass.UnixAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How picocli reads the values of our options. */
public final class Converters {
    /** What the Java machine makes of bytes that are no text. */
    private static final char REPLACEMENT = '\ufffd';

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

    /**
     * A word of a command that is to be executed. The Java machine has replaced what is not in the encoding of its locale,
     * and another word must not be executed in its place.
     */
    public static final class ToWord implements ITypeConverter<String> {
        @Override
        public String convert(String text) throws IOException {
            String encoding = System.getProperty("sun.jnu.encoding");
            if (text.indexOf(REPLACEMENT) >= 0 && !isWritten(encoding)) {
                throw new TypeConversionException("'" + text + "' is not in " + encoding
                        + ", and cannot be handed on as it is; write it so, or put it into a script");
            }
            return text;
        }

        /** Whether that character stands there as it is. */
        private static boolean isWritten(String encoding) throws IOException {
            byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            try {
                Charset.forName(encoding).newDecoder().decode(ByteBuffer.wrap(line));
                return true;
            } catch (CharacterCodingException e) {
                return false;
            }
        }
    }
}
