package dev.fdpass.frame;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * JSON objects, one behind the other: RFC 8259 as far as it takes to find where one ends, and a member of it that is a number
 * of descriptors. All bytes that have a meaning here are ASCII, and no byte of another character is.
 */
final class JsonFrames implements FrameParser {
    /** Objects and arrays in each other. */
    static final int MAX_DEPTH = 512;

    private static final int MAX_NUMBER = 100_000_000;
    private static final String[] LITERALS = {"true", "false", "null"};

    private enum Place {
        /** Before the object. */
        BETWEEN,
        /** A name, or the end of an object that has just begun. */
        NAME_OR_END,
        NAME,
        COLON,
        VALUE,
        /** A value, or the end of an array that has just begun. */
        VALUE_OR_END,
        BEHIND_VALUE,
        STRING,
        ESCAPE,
        /** In the digits of a {@code \}{@code u}. */
        HEX,
        NUMBER,
        LITERAL,
        /** Behind the object. */
        END
    }

    private final String member;
    private final FrameLimits limits;

    private Place place = Place.BETWEEN;
    /** Bytes that were looked at. */
    private int looked;

    private int contentStart;
    private int depth;
    /** A bit for each object or array that is open: whether it is an object. */
    private final long[] isObject = new long[MAX_DEPTH / Long.SIZE];

    private boolean isName;
    /** Characters of the member's name that the name at the top level has so far; -1 if it is another name. */
    private int matching;

    private boolean isCount;
    private boolean hasCount;
    private int count;
    private int hexDigits;
    private int hex;
    private String literal = "";
    private int literalAt;

    JsonFrames(String member, FrameLimits limits) {
        this.member = member;
        this.limits = limits;
    }

    static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    @Override
    public int find(ByteBuffer bytes, int start, int end) throws FrameException {
        while (place != Place.END && start + looked < end) {
            byte b = bytes.get(start + looked);
            if (looked - contentStart >= limits.maxBytes()) {
                throw new FrameException(
                        FrameException.Reason.TOO_MANY_BYTES,
                        "a JSON object of more than " + limits.maxBytes() + " bytes, which is the limit");
            }
            look(b);
            looked++;
        }
        return place == Place.END ? looked : INCOMPLETE;
    }

    private void look(byte b) throws FrameException {
        switch (place) {
            case STRING -> inString(b);
            case ESCAPE -> inEscape(b);
            case HEX -> inHex(b);
            case NUMBER -> inNumber(b);
            case LITERAL -> inLiteral(b);
            default -> {
                if (!isWhitespace(b)) {
                    token(b);
                } else if (place == Place.BETWEEN) {
                    contentStart++;
                }
            }
        }
    }

    private void token(byte b) throws FrameException {
        switch (place) {
            case BETWEEN -> {
                if (b != '{') {
                    throw unexpected(b, "an object, '{'");
                }
                open(true);
            }
            case NAME_OR_END, NAME -> {
                if (b == '"') {
                    beginString(true);
                } else if (b == '}' && place == Place.NAME_OR_END) {
                    close();
                } else {
                    throw unexpected(b, "the name of a member" + (place == Place.NAME ? "" : " or '}'"));
                }
            }
            case COLON -> {
                if (b != ':') {
                    throw unexpected(b, "':'");
                }
                place = Place.VALUE;
            }
            case VALUE, VALUE_OR_END -> value(b);
            case BEHIND_VALUE -> behindValue(b);
            default -> throw new IllegalStateException(place.toString());
        }
    }

    private void value(byte b) throws FrameException {
        if (isCount && !isDigit(b)) {
            throw notACount();
        }
        if (b == '"') {
            beginString(false);
        } else if (b == '{') {
            open(true);
        } else if (b == '[') {
            open(false);
        } else if (b == ']' && place == Place.VALUE_OR_END) {
            close();
        } else if (b == '-' || isDigit(b)) {
            place = Place.NUMBER;
            inNumber(b);
        } else {
            literal = literal(b);
            literalAt = 1;
            place = Place.LITERAL;
        }
    }

    private String literal(byte b) throws FrameException {
        for (String each : LITERALS) {
            if (each.charAt(0) == b) {
                return each;
            }
        }
        throw unexpected(b, "a value");
    }

    private void behindValue(byte b) throws FrameException {
        boolean inObject = isInObject();
        if (b == ',') {
            place = inObject ? Place.NAME : Place.VALUE;
        } else if (b == (inObject ? '}' : ']')) {
            close();
        } else {
            throw unexpected(b, inObject ? "',' or '}'" : "',' or ']'");
        }
    }

    private void beginString(boolean asName) {
        isName = asName;
        matching = asName && depth == 1 ? 0 : -1;
        place = Place.STRING;
    }

    private void inString(byte b) throws FrameException {
        if (b == '"') {
            endString();
        } else if (b == '\\') {
            place = Place.ESCAPE;
        } else if (b >= 0 && b < ' ') {
            throw unexpected(b, "no control character in a string");
        } else {
            match((char) (b & 0xff)); // of a character that is not ASCII no byte is one of the member's
        }
    }

    private void endString() throws FrameException {
        if (!isName) {
            place = Place.BEHIND_VALUE;
            return;
        }
        place = Place.COLON;
        isCount = matching == member.length();
        if (isCount && hasCount) {
            throw malformed("the object has two members \"" + member + "\"");
        }
    }

    private void match(char c) {
        if (matching >= 0) {
            matching = matching < member.length() && member.charAt(matching) == c ? matching + 1 : -1;
        }
    }

    private void inEscape(byte b) throws FrameException {
        place = Place.STRING;
        switch (b) {
            case '"', '\\' -> match((char) b); // which no member has
            case '/' -> match('/');
            case 'b', 'f', 'n', 'r', 't' -> match('\0');
            case 'u' -> {
                place = Place.HEX;
                hexDigits = 0;
                hex = 0;
            }
            default -> throw unexpected(b, "one of \"\\/bfnrtu behind a backslash");
        }
    }

    private void inHex(byte b) throws FrameException {
        int digit = Character.digit((char) (b & 0xff), 16);
        if (digit < 0 || b < 0) {
            throw unexpected(b, "four hexadecimal digits");
        }
        hex = hex << 4 | digit;
        hexDigits++;
        if (hexDigits == 4) {
            place = Place.STRING;
            match((char) hex);
        }
    }

    private void inNumber(byte b) throws FrameException {
        if (isDigit(b)) {
            if (isCount) {
                count = Math.min(MAX_NUMBER, count * 10 + (b - '0'));
            }
        } else if (b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E') {
            if (isCount) {
                throw notACount();
            }
        } else {
            endNumber();
            if (!isWhitespace(b)) {
                behindValue(b);
            }
        }
    }

    private void endNumber() throws FrameException {
        place = Place.BEHIND_VALUE;
        if (!isCount) {
            return;
        }
        isCount = false;
        hasCount = true;
        if (count > limits.maxFds()) {
            throw new FrameException(
                    FrameException.Reason.TOO_MANY_FDS,
                    "a frame with " + (count == MAX_NUMBER ? "100000000 or more" : count)
                            + " descriptors; the limit is " + limits.maxFds());
        }
    }

    private void inLiteral(byte b) throws FrameException {
        if (b != literal.charAt(literalAt)) {
            throw unexpected(b, literal);
        }
        literalAt++;
        if (literalAt == literal.length()) {
            place = Place.BEHIND_VALUE;
        }
    }

    private void open(boolean object) throws FrameException {
        if (depth == MAX_DEPTH) {
            throw malformed(
                    "objects and arrays are in each other more than " + MAX_DEPTH + " deep, which is the limit");
        }
        long bit = 1L << depth;
        int word = depth / Long.SIZE;
        isObject[word] = object ? isObject[word] | bit : isObject[word] & ~bit;
        depth++;
        place = object ? Place.NAME_OR_END : Place.VALUE_OR_END;
    }

    private boolean isInObject() {
        return (isObject[(depth - 1) / Long.SIZE] & 1L << (depth - 1)) != 0;
    }

    private void close() {
        depth--;
        place = depth == 0 ? Place.END : Place.BEHIND_VALUE;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private FrameException notACount() {
        return malformed(
                "the member \"" + member + "\" is not a number of descriptors: 0 or more, in digits and nothing else");
    }

    private FrameException unexpected(byte b, String wanted) {
        String shown = b > ' ' && b < 0x7f ? "'" + (char) b + "'" : String.format(Locale.ROOT, "0x%02x", b);
        return malformed("byte " + (looked - contentStart) + " is " + shown + " where there should be " + wanted);
    }

    private static FrameException malformed(String what) {
        return new FrameException(FrameException.Reason.MALFORMED, "what came is no JSON object: " + what);
    }

    @Override
    public int contentStart() {
        return contentStart;
    }

    @Override
    public int contentEnd() {
        return looked;
    }

    @Override
    public int fds() {
        return count;
    }

    @Override
    public boolean isQueued() {
        return true;
    }

    @Override
    public boolean isFiller(byte b) {
        return isWhitespace(b);
    }

    @Override
    public boolean hasBegun() {
        return place != Place.BETWEEN;
    }

    @Override
    public int announced() {
        return 0;
    }

    @Override
    public void reset() {
        place = Place.BETWEEN;
        looked = 0;
        contentStart = 0;
        depth = 0;
        isCount = false;
        hasCount = false;
        count = 0;
    }
}
