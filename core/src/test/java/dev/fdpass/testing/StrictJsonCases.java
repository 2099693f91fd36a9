package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;

/**
 * What every protocol of this library refuses to read as {@code record Values(int whole, double real, String text,
 * boolean flag, Choice choice, Object any)} with {@code enum Choice {FIRST, SECOND}}, and what each of them reads.
 */
public final class StrictJsonCases {
    private static final String GOOD = "\"whole\":1,\"real\":1.5,\"text\":\"x\",\"flag\":true,\"choice\":\"SECOND\"";
    private static final int MOST_DIGITS = 1000;
    private static final int LONGEST_NAME = 50_000;

    private StrictJsonCases() {}

    /** A JSON object, or what looks like one. */
    public static final class Case {
        private final String what;
        private final byte[] object;

        private Case(String what, byte[] object) {
            this.what = what;
            this.object = object;
        }

        private Case(String what, String object) {
            this(what, object.getBytes(UTF_8));
        }

        /** {@return its bytes} */
        public byte[] object() {
            return object.clone();
        }

        /** {@return what is wrong with it, or special} */
        @Override
        public String toString() {
            return what;
        }
    }

    /** {@return what is refused, whether it is an error of this message or ends the connection} */
    public static Stream<Case> refused() {
        return Stream.of(
                instead("whole", "1", "\"1\""),
                instead("whole", "1", "1.5"),
                instead("whole", "1", "1.0"),
                instead("whole", "1", "true"),
                instead("whole", "1", "5000000000"),
                instead("whole", "1", "\"\""),
                instead("real", "1.5", "\"1.5\""),
                instead("real", "1.5", "NaN"),
                instead("real", "1.5", "-Infinity"),
                instead("real", "1.5", "1e400"),
                instead("real", "1.5", "-1e400"),
                instead("text", "\"x\"", "1"),
                instead("text", "\"x\"", "1.5"),
                instead("text", "\"x\"", "false"),
                instead("flag", "true", "\"true\""),
                instead("flag", "true", "1"),
                instead("choice", "\"SECOND\"", "1"),
                instead("choice", "\"SECOND\"", "\"1\""),
                instead("choice", "\"SECOND\"", "\"\""),
                new Case("a member twice", "{" + GOOD + ",\"text\":\"y\"}"),
                new Case("a member of any value twice", any("{\"a\":1,\"a\":2}")),
                new Case("a number of too many digits", any("1".repeat(MOST_DIGITS + 1))),
                new Case("a name that is too long", any("{\"" + "n".repeat(LONGEST_NAME + 1) + "\":1}")),
                new Case("too deep", any("[".repeat(513) + "]".repeat(513))),
                new Case("a comment", "{" + GOOD + "/**/}"),
                new Case("a name without quotes", "{" + GOOD + ",any:1}"),
                new Case("a comma too many", "{" + GOOD + ",}"),
                notUtf8("half of a surrogate pair in UTF-8", 0xed, 0xa0, 0x80),
                notUtf8("a character in more bytes than it needs", 0xc1, 0x81),
                notUtf8("a byte that no character begins with", 0xff),
                notUtf8("half of a character", 0xc3));
    }

    /** {@return what is read} */
    public static Stream<Case> read() {
        return Stream.of(
                new Case("as it should be", "{" + GOOD + "}"),
                new Case("a number of many digits", any("1".repeat(MOST_DIGITS))),
                new Case("a long name", any("{\"" + "n".repeat(LONGEST_NAME) + "\":1}")),
                new Case("text in other alphabets", any("\"äß€𝄞\"")),
                new Case("long text", any("\"" + "x".repeat(20_000_001) + "\"")), // more than Jackson reads by itself
                new Case("a little deep", any("[".repeat(50) + "]".repeat(50))));
    }

    private static Case instead(String member, String good, String bad) {
        String before = "\"" + member + "\":";
        return new Case(before + bad, "{" + GOOD.replace(before + good, before + bad) + "}");
    }

    private static String any(String value) {
        return "{" + GOOD + ",\"any\":" + value + "}";
    }

    private static Case notUtf8(String what, int... bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(("{" + GOOD + ",\"any\":\"").getBytes(UTF_8));
        for (int each : bytes) {
            all.write(each);
        }
        all.writeBytes("\"}".getBytes(UTF_8));
        return new Case(what, all.toByteArray());
    }
}
