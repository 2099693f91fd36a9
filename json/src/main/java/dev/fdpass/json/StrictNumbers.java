package dev.fdpass.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ArrayType;
import com.fasterxml.jackson.databind.type.ReferenceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a number before Jackson reads it, which is generous: it takes "NaN", a text, for a number, 1e400 for infinity, 200 for
 * the byte -56, 65 for the character A, and an array of numbers for bytes, which are Base64.
 */
final class StrictNumbers extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    private final transient Map<Class<?>, Check> checks;

    private StrictNumbers(NonFinite nonFinite) {
        boolean isText = nonFinite == NonFinite.AS_TEXT;
        Check isDouble = (in, context) -> isReal(in, context, double.class, isText);
        Check isFloat = (in, context) -> isReal(in, context, float.class, isText);
        checks = Map.of(
                double.class,
                isDouble,
                Double.class,
                isDouble,
                OptionalDouble.class,
                isDouble,
                float.class,
                isFloat,
                Float.class,
                isFloat,
                byte.class,
                StrictNumbers::isByte,
                Byte.class,
                StrictNumbers::isByte,
                char.class,
                StrictNumbers::isCharacter,
                Character.class,
                StrictNumbers::isCharacter,
                byte[].class,
                StrictNumbers::isBase64);
    }

    static SimpleModule module(NonFinite nonFinite) {
        return new SimpleModule("dev.fdpass.json.numbers").setDeserializerModifier(new StrictNumbers(nonFinite));
    }

    @Override
    public JsonDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription description, JsonDeserializer<?> deserializer) {
        return checked(description.getBeanClass(), deserializer);
    }

    /** To Jackson, an OptionalDouble refers to a double. */
    @Override
    public JsonDeserializer<?> modifyReferenceDeserializer(
            DeserializationConfig config,
            ReferenceType type,
            BeanDescription description,
            JsonDeserializer<?> deserializer) {
        return checked(type.getRawClass(), deserializer);
    }

    @Override
    public JsonDeserializer<?> modifyArrayDeserializer(
            DeserializationConfig config,
            ArrayType type,
            BeanDescription description,
            JsonDeserializer<?> deserializer) {
        // Of these Jackson reads the elements by itself.
        return switch (type.getRawClass().getName()) {
            case "[D" -> new Doubles();
            case "[F" -> new Floats();
            default -> checked(type.getRawClass(), deserializer);
        };
    }

    private JsonDeserializer<?> checked(Class<?> type, JsonDeserializer<?> deserializer) {
        Check check = checks.get(type);
        return check == null ? deserializer : new Checked(deserializer, check);
    }

    /** Throws if what a parser is at is no value of a type. */
    @FunctionalInterface
    private interface Check {
        void check(JsonParser in, DeserializationContext context) throws IOException;
    }

    private static void isReal(JsonParser in, DeserializationContext context, Class<?> type, boolean nonFiniteIsText)
            throws IOException {
        if (nonFiniteIsText && in.hasToken(JsonToken.VALUE_STRING)) {
            return; // Jackson reads no other text as a number
        }
        if (!in.currentToken().isNumeric()) {
            context.reportInputMismatch(type, "%s, where a number is needed", in.currentToken());
        }
        double value = in.getDoubleValue();
        if (Double.isInfinite(type == float.class ? (float) value : value)) {
            context.reportInputMismatch(type, "a number out of the range of %s", type);
        }
    }

    private static void isByte(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            context.reportInputMismatch(byte.class, "%s, where an integer is needed", in.currentToken());
        }
        long value = in.getLongValue();
        if (value != (byte) value) {
            context.reportInputMismatch(byte.class, "%s, where -128 to 127 is needed", value);
        }
    }

    private static void isCharacter(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_STRING)) {
            context.reportInputMismatch(char.class, "%s, where a character is needed", in.currentToken());
        }
    }

    private static void isBase64(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_STRING)) {
            context.reportInputMismatch(byte[].class, "%s, where Base64 in a string is needed", in.currentToken());
        }
    }

    private static final class Checked extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        private final transient Check check;

        Checked(JsonDeserializer<?> deserializer, Check check) {
            super(deserializer);
            this.check = check;
        }

        @Override
        public @Nullable Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            check.check(in, context);
            return super.deserialize(in, context);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> deserializer) {
            return new Checked(deserializer, check);
        }
    }

    /** All elements of an array, each of them checked. */
    private static <T> List<T> elements(JsonParser in, DeserializationContext context, Class<T> primitive)
            throws IOException {
        if (!in.isExpectedStartArrayToken()) {
            context.reportInputMismatch(List.class, "%s, where an array is needed", in.currentToken());
        }
        JavaType type = context.constructType(primitive);
        JsonDeserializer<Object> element = context.findNonContextualValueDeserializer(type);
        List<Object> all = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(
                    in.hasToken(JsonToken.VALUE_NULL)
                            ? element.getNullValue(context)
                            : element.deserialize(in, context));
        }
        @SuppressWarnings("unchecked") // so says the deserializer of the type
        List<T> elements = (List<T>) Collections.unmodifiableList(all);
        return elements;
    }

    private static final class Doubles extends StdScalarDeserializer<double[]> {
        private static final long serialVersionUID = 1L;

        Doubles() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return elements(in, context, double.class).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
    }

    private static final class Floats extends StdScalarDeserializer<float[]> {
        private static final long serialVersionUID = 1L;

        Floats() {
            super(float[].class);
        }

        @Override
        public float[] deserialize(JsonParser in, DeserializationContext context) throws IOException {
            List<Float> all = elements(in, context, float.class);
            float[] values = new float[all.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = all.get(i);
            }
            return values;
        }
    }
}
