package dev.fdpass.fuzz;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text out of the fuzzer's bytes. */
public final class Inputs {
    private static final char LONE_SURROGATE = '\udc00';

    private Inputs() {}

    /**
     * UTF-8, so that seeds can be read. A byte that is none becomes half of a surrogate pair, as in Python's
     * {@code surrogateescape}: every {@code String} can be written that way, broken ones included.
     */
    public static String text(byte[] input) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(input);
        CharBuffer text = CharBuffer.allocate(input.length);
        while (true) {
            CoderResult result = decoder.decode(bytes, text, true);
            if (!result.isError()) {
                return text.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.put((char) (LONE_SURROGATE + Byte.toUnsignedInt(bytes.get())));
            }
            decoder.reset();
        }
    }

    /** A command line with one argument a line. No argument can hold NUL: that is where it ends. */
    public static String[] arguments(byte[] input) {
        return List.of(text(input).replace("\0", "").split("\n", -1)).toArray(new String[0]);
    }

    /** Fails unless it holds. {@code what} is for {@link String#format}, which costs nothing as long as it holds. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    public static void check(boolean holds, String what, Object... values) {
        if (!holds) {
            throw new AssertionError(String.format(what, values));
        }
    }
}
