package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.AsFd;
import dev.fdpass.json.NonFinite;
import dev.fdpass.json.OpenPackages;
import dev.fdpass.json.StrictJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How JSON is read and written here. */
final class Json {
    /** What the frames let through. */
    private static final int MOST_DEPTH = 512;

    /** What users have opened: only Jackson looks into their records, since descriptors stand beside them. */
    static final OpenPackages PACKAGES = OpenPackages.to(
                    Json.class.getModule(), (theirs, name, to) -> theirs.addOpens(name, to))
            .orToJackson();

    static final ObjectMapper MAPPER = StrictJson.builder(MOST_DEPTH, NonFinite.REFUSED)
            // Of a member that comes twice, only what makes a tree is told: it is JSON still, and so it is answered,
            // not fatal.
            .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    // An id is given back as it came, however large its number is.
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .addModule(new SimpleModule().addSerializer(AsFd.class, new NoDescriptors()))
            .annotationIntrospector(
                    AnnotationIntrospector.pair(new JacksonAnnotationIntrospector(), PACKAGES.introspector()))
            .build();

    /** Of a record, the names of its components in JSON, as they are declared. */
    private static final ClassValue<List<String>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<String> computeValue(Class<?> type) {
            DeserializationConfig config = MAPPER.getDeserializationConfig();
            Map<String, String> names = config.introspect(config.constructType(type)).findProperties().stream()
                    .collect(
                            Collectors.toMap(BeanPropertyDefinition::getInternalName, BeanPropertyDefinition::getName));
            return Stream.of(type.getRecordComponents())
                    .map(component -> names.getOrDefault(component.getName(), component.getName()))
                    .toList();
        }
    };

    private Json() {}

    /** The value is nothing of the wanted kind; the message is fit for whoever sent it. */
    static final class DoesNotFitException extends Exception {
        private static final long serialVersionUID = 1L;

        DoesNotFitException(String message) {
            super(message);
        }
    }

    /** A descriptor among the values would say its number, which means nothing to the peer. */
    private static final class NoDescriptors extends JsonSerializer<AsFd> {
        @Override
        public void serialize(AsFd fd, JsonGenerator out, SerializerProvider provider) throws IOException {
            throw new JsonMappingException(
                    out,
                    "a descriptor stands among the values of a message; descriptors go beside them: give it behind the"
                            + " params, or to Call.giveFd");
        }
    }

    /**
     * Makes an object of a value.
     *
     * @param isStrict whether there may be no members that it does not know
     */
    static <T> T read(JsonNode value, Class<T> type, boolean isStrict) throws DoesNotFitException {
        ObjectReader reader = MAPPER.readerFor(type);
        if (!isStrict) {
            reader = reader.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        }
        T read;
        try {
            read = reader.readValue(value.isArray() && type.isRecord() ? named(value, type, isStrict) : value);
        } catch (InvalidDefinitionException e) {
            throw new IllegalArgumentException(type + " cannot be read from JSON: " + e.getOriginalMessage(), e);
        } catch (JsonMappingException e) {
            throw new DoesNotFitException(explain(e, type));
        } catch (IOException e) {
            throw new DoesNotFitException("it cannot be read as " + type.getSimpleName());
        }
        if (read == null) {
            throw new DoesNotFitException("it is null");
        }
        return read;
    }

    /** What stands in an array, with the names of the components in these places. */
    private static JsonNode named(JsonNode array, Class<?> type, boolean isStrict) throws DoesNotFitException {
        List<String> names = COMPONENTS.get(type);
        if (isStrict && array.size() > names.size()) {
            throw new DoesNotFitException("there are " + array.size() + "; " + names.size() + " are known: " + names);
        }
        ObjectNode object = MAPPER.createObjectNode();
        for (int i = 0; i < Math.min(array.size(), names.size()); i++) {
            object.set(names.get(i), array.get(i));
        }
        return object;
    }

    /** What is wrong, without names of classes. */
    private static String explain(JsonMappingException e, Class<?> type) {
        String path = path(e.getPath());
        String where = path.isEmpty() ? "it" : "\"" + path + "\"";
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                where + " is unknown; known are " + unknown.getKnownPropertyIds();
            case ValueInstantiationException refused
            when refused.getCause() instanceof IllegalArgumentException why ->
                where + " is refused: " + why.getMessage();
            case MismatchedInputException mismatch
            when mismatch.getTargetType() != null ->
                where + " is no " + mismatch.getTargetType().getSimpleName();
            default -> where + " is not what it should be in " + type.getSimpleName();
        };
    }

    private static String path(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference each : path) {
            @Nullable String name = each.getFieldName();
            if (name == null) {
                text.append('[').append(each.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(name);
            }
        }
        return text.toString();
    }
}
