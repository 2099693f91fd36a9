package dev.fdpass.tube;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fdpass.json.NonFinite;
import dev.fdpass.json.StrictJson;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages as JSON, or another format of Jackson.
 *
 * <p>A record is an object with a member for each component; a descriptor is its index in the message, a number. Where a
 * sealed interface is declared, an object with one member says which of its records it is:
 * {@code {"Open": {"name": "log", "file": 0}}}. The name is the simple name of the class, or that of a
 * {@link com.fasterxml.jackson.annotation.JsonTypeName}. Other annotations of Jackson hold too, such as
 * {@link com.fasterxml.jackson.annotation.JsonProperty} and {@link com.fasterxml.jackson.annotation.JsonAlias} for a component
 * that was renamed.
 *
 * <p>With {@link #json}: members that are not known are ignored, but not if a descriptor stands in them; what is missing or
 * null is null, zero, false, an empty optional, list, set or map; members that come twice, text where a number is due and the
 * like, unknown constants of enums, and bytes behind the message are errors.
 *
 * <p>Immutable; keep and share one.
 */
public final class JacksonCodec implements MessageCodec {
    /** How deep a message may nest, unless one says otherwise: {@value}. */
    public static final int USUAL_DEPTH = 64;

    private static final JacksonCodec JSON = json(USUAL_DEPTH);

    private final ObjectMapper mapper;
    /** Whether it must be UTF-8. */
    private final boolean isText;

    private JacksonCodec(ObjectMapper mapper, boolean isText) {
        this.mapper = mapper.copy().registerModule(new TubeModule());
        this.isText = isText;
    }

    /** {@return JSON that nests no deeper than {@value #USUAL_DEPTH} objects and arrays} */
    public static JacksonCodec json() {
        return JSON;
    }

    /**
     * JSON.
     *
     * @param maxDepth how many objects and arrays may stand in one another, 1 or more; what nests deeper is neither sent nor
     *     received. Each level takes some stack: do not give thousands
     * @return the codec
     */
    public static JacksonCodec json(int maxDepth) {
        if (maxDepth < 1) {
            throw new IllegalArgumentException("depth " + maxDepth + "; give 1 or more, such as " + USUAL_DEPTH);
        }
        // An infinite number is a value of a double, and both ends know that it is one.
        JsonMapper.Builder builder = StrictJson.builder(maxDepth, NonFinite.AS_TEXT)
                .addModules(new Jdk8Module(), new JavaTimeModule())
                .disable(
                        SerializationFeature.FAIL_ON_EMPTY_BEANS,
                        SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                        SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        for (Class<?> container : List.of(Collection.class, List.class, Set.class, Map.class)) {
            builder.withConfigOverride(
                    container, settings -> settings.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
        }
        return new JacksonCodec(builder.build(), true);
    }

    /**
     * What a mapper of one's own reads and writes, of another format perhaps ({@code new CBORMapper()}).
     *
     * @param mapper the mapper, of which a copy is used. Its settings stay as they are, depth and duplicates included; it
     *     learns of descriptors and of sealed interfaces
     * @return the codec
     */
    public static JacksonCodec of(ObjectMapper mapper) {
        return new JacksonCodec(mapper, false);
    }

    @Override
    public <T> MessageFormat<T> format(Class<T> type) {
        for (Class<?> each : MessageTypes.of(type)) {
            Descriptors.PACKAGES.passOn(each);
            if (SealedFamilies.isFamily(each)) {
                SealedFamilies.members(each); // throws if two have the same name
            }
        }
        return new JacksonFormat<>(mapper, type, isText);
    }
}
