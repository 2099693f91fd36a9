package dev.fdpass.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON of strangers, read so that what was not meant is refused: the same for all protocols here. What differs between
 * them they add themselves, and say why.
 *
 * <ul>
 *   <li>A value is what it says: no number in a string, no string of a number, no constant of an enum by its place, no
 *       fraction cut off for an integer, no number that is out of the range of its type, no {@code NaN} that is not text.
 *   <li>A member that comes twice is an error, and so is anything behind the value.
 *   <li>A string may be as long as its frame, whose limits somebody has chosen. A number has {@value #MOST_DIGITS}
 *       characters at most, the name of a member {@value #LONGEST_NAME}, and values nest as deep as the protocol says.
 *   <li>It is UTF-8 ({@link #text}).
 *   <li>Names of members are not kept when the message has gone.
 * </ul>
 */
public final class StrictJson {
    /** Characters of a number. Making a number of more takes a time that grows with their square. */
    public static final int MOST_DIGITS = 1000;
    /** Characters of a member's name. */
    public static final int LONGEST_NAME = 50_000;

    private StrictJson() {}

    /**
     * Begins a mapper.
     *
     * @param maxDepth how many objects and arrays may stand in one another, in what is read and in what is written
     * @param nonFinite what becomes of numbers that JSON has not
     * @return a builder that has been told of the above
     */
    public static JsonMapper.Builder builder(int maxDepth, NonFinite nonFinite) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(MOST_DIGITS)
                        .maxNameLength(LONGEST_NAME)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                // Names come from a stranger, and interned ones stay for long.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Bytes of zero in the right places are no sign of UTF-16 or UTF-32.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .addModule(StrictNumbers.module(nonFinite))
                .configure(JsonWriteFeature.WRITE_NAN_AS_STRINGS, nonFinite == NonFinite.AS_TEXT)
                .enable(
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                // Which does not keep numbers from becoming text.
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    /**
     * The text of a message. Jackson's own decoder lets some through that is no UTF-8: halves of surrogate pairs, and
     * characters in more bytes than they need.
     *
     * @param utf8 the bytes, all of which are read
     * @return the text
     * @throws CharacterCodingException if it is no UTF-8
     */
    public static String text(ByteBuffer utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    }
}
