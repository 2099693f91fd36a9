package dev.fdpass.varlink;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.json.IndexedFds;
import dev.fdpass.json.NonFinite;
import dev.fdpass.json.OpenPackages;
import dev.fdpass.json.StrictJson;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON to values of Java and back; a descriptor is its index in the message. */
final class Json {
    /** As deep as systemd writes and much deeper than anything that is meant well. */
    private static final int DEEPEST = 256;

    private static final String FDS = "dev.fdpass.varlink.fds";

    /** What users have opened. Jackson reads it, and what is in a reply is closed once that is sent. */
    static final OpenPackages PACKAGES =
            OpenPackages.to(Json.class.getModule(), (theirs, name, to) -> theirs.addOpens(name, to));

    static final JsonMapper MAPPER = StrictJson.builder(DEEPEST, NonFinite.REFUSED)
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule("dev.fdpass.varlink")
                    .addSerializer(new ToIndex())
                    .addDeserializer(OwnedFd.class, new FromIndex()))
            .annotationIntrospector(
                    AnnotationIntrospector.pair(new JacksonAnnotationIntrospector(), PACKAGES.introspector()))
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            // A number stays what it is: 1e400 is no infinity.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            // What is not there is left out, as others do.
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .build();

    private Json() {}

    /** A value that cannot be what it should be. */
    static final class MismatchException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Which member: {@code list[2].name}; empty for the value itself. */
        final String where;

        MismatchException(String where, String problem, @Nullable Throwable cause) {
            super(problem, cause);
            this.where = where;
        }
    }

    /**
     * Parameters as a JSON object, with the descriptors in them added to {@code fds}.
     *
     * @param value a record, a map or the like, or an object node
     * @param fds null if there must be none
     * @throws IllegalArgumentException if it is no JSON object
     */
    static ObjectNode toObject(Object value, @Nullable SentFds fds) {
        Objects.requireNonNull(value, "parameters: give Map.of() for none");
        JsonNode node;
        try {
            node = read(MAPPER.writer().withAttribute(FDS, fds).writeValueAsBytes(value));
        } catch (IOException | MismatchException e) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName() + " cannot be written as JSON: " + firstLine(e), e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(
                "parameters are a " + value.getClass().getName()
                        + ", which is no JSON object; give a record, a Map with String keys, or an ObjectNode");
    }

    /**
     * The text as JSON.
     *
     * @throws MismatchException if it is none
     */
    static JsonNode read(byte[] text) throws MismatchException {
        try {
            String decoded = StrictJson.text(ByteBuffer.wrap(text));
            JsonNode node = MAPPER.readTree(decoded);
            if (decoded.contains("\\u")) {
                checkText(node);
            }
            return node;
        } catch (CharacterCodingException e) {
            throw new MismatchException("", "it is not UTF-8", e);
        } catch (IOException
                | RuntimeException e) { // the latter of Jackson, for numbers with exponents like 1e99999999999
            throw mismatch(e);
        }
    }

    /** Refuses half of a surrogate pair, which can be escaped, and not be written again. */
    private static void checkText(JsonNode node) throws MismatchException {
        if (node.isTextual()) {
            checkText(node.textValue());
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            checkText(member.getKey());
        }
        for (JsonNode inner : node) {
            checkText(inner);
        }
    }

    private static void checkText(String text) throws MismatchException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new MismatchException("", "it has text with half of a surrogate pair", null);
        }
    }

    /**
     * A value of a Java type.
     *
     * @param isStrict whether members that the type has not are refused, rather than ignored
     * @throws MismatchException if it is none; no descriptor of it stays open
     */
    static Object read(JsonNode node, Type type, IndexedFds fds, boolean isStrict) throws MismatchException {
        JavaType javaType = MAPPER.constructType(type);
        ObjectReader reader = MAPPER.readerFor(javaType).withAttribute(FDS, fds);
        reader = isStrict
                ? reader.with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                : reader.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        int mark = fds.mark();
        boolean isDone = false;
        try {
            Object value = reader.readValue(node);
            if (value == null) {
                throw new MismatchException("", "null, where a value is needed", null);
            }
            JsonNulls.check(node, value);
            isDone = true;
            return value;
        } catch (IOException | RuntimeException e) {
            throw mismatch(e);
        } finally {
            if (!isDone) {
                fds.undo(mark);
            }
        }
    }

    /** What an {@link java.util.Optional} of that type is if it is missing, or null if it must not be missing. */
    static @Nullable Object absent(Type type) {
        JavaType javaType = MAPPER.constructType(type);
        Class<?> raw = javaType.getRawClass();
        if (raw == java.util.Optional.class) {
            return java.util.Optional.empty();
        }
        if (raw == java.util.OptionalInt.class) {
            return java.util.OptionalInt.empty();
        }
        if (raw == java.util.OptionalLong.class) {
            return java.util.OptionalLong.empty();
        }
        return raw == java.util.OptionalDouble.class ? java.util.OptionalDouble.empty() : null;
    }

    private static MismatchException mismatch(Exception e) {
        String where = e instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(each ->
                                each.getFieldName() == null ? "[" + each.getIndex() + "]" : "." + each.getFieldName())
                        .collect(Collectors.joining())
                : "";
        return new MismatchException(where.startsWith(".") ? where.substring(1) : where, firstLine(e), e);
    }

    private static String firstLine(Exception e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        if (message == null) {
            return e.toString();
        }
        if (message.startsWith("Non-standard token ")) {
            return "a number is infinite, or none (NaN), which JSON has not";
        }
        return message.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
    }

    /** Writes a descriptor as its index. */
    private static final class ToIndex extends StdSerializer<AsFd> {
        private static final long serialVersionUID = 1L;

        ToIndex() {
            super(AsFd.class);
        }

        @Override
        public void serialize(AsFd fd, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (provider.getAttribute(FDS) instanceof SentFds fds) {
                out.writeNumber(fds.add(fd));
            } else {
                throw JsonMappingException.from(out, "a descriptor has no index here: it is not in a message");
            }
        }
    }

    /** Takes the descriptor with an index. */
    private static final class FromIndex extends StdDeserializer<OwnedFd> {
        private static final long serialVersionUID = 1L;

        FromIndex() {
            super(OwnedFd.class);
        }

        @Override
        public OwnedFd deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                context.reportInputMismatch(this, "%s, where the index of a descriptor is needed", in.currentToken());
            }
            try {
                if (context.getAttribute(FDS) instanceof IndexedFds fds) {
                    return fds.take(in.getLongValue());
                }
            } catch (IllegalArgumentException e) {
                context.reportInputMismatch(this, "%s", e.getMessage());
            }
            return context.reportInputMismatch(this, "there are no descriptors here");
        }
    }
}
