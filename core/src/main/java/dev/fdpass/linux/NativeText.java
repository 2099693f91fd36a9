package dev.fdpass.linux;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;

/** Pathnames, arguments and environment variables in the bytes that the kernel sees. */
public final class NativeText {
    /** What the JDK itself encodes them with. */
    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private NativeText() {}

    /** The bytes, without a terminating NUL. */
    public static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(ENCODING);
        if (!new String(bytes, ENCODING).equals(text)) {
            throw new IllegalArgumentException(text + " cannot be written in " + ENCODING
                    + ", the encoding of pathnames here; set a UTF-8 locale (LC_ALL=C.UTF-8)");
        }
        return bytes;
    }

    /** The text of what came from the kernel. */
    public static String of(byte[] bytes) {
        return new String(bytes, ENCODING);
    }

    /** The text that stands for exactly these bytes from the kernel; none if they are not of this encoding. */
    public static Optional<String> exactly(byte[] bytes) {
        String text = of(bytes);
        return Arrays.equals(text.getBytes(ENCODING), bytes) ? Optional.of(text) : Optional.empty();
    }
}
