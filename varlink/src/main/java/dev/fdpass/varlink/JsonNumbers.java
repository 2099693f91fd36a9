package dev.fdpass.varlink;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that Jackson is generous with: it reads "NaN", text, as a number, 1e400 as infinity, and 200 as the byte -56. What is
 * refused here is what the description of an interface, {@code float} or {@code int}, does not say, or what Java cannot hold.
 */
final class JsonNumbers {
    private JsonNumbers() {}

    static SimpleModule module() {
        return new SimpleModule("dev.fdpass.varlink.numbers")
                .addDeserializer(double.class, new Strict<>(double.class, JsonNumbers::toDouble))
                .addDeserializer(Double.class, new Strict<>(Double.class, JsonNumbers::toDouble))
                .addDeserializer(float.class, new Strict<>(float.class, JsonNumbers::toFloat))
                .addDeserializer(Float.class, new Strict<>(Float.class, JsonNumbers::toFloat))
                .addDeserializer(byte.class, new Strict<>(byte.class, JsonNumbers::toByte))
                .addDeserializer(Byte.class, new Strict<>(Byte.class, JsonNumbers::toByte))
                .addDeserializer(byte[].class, new Strict<>(byte[].class, JsonNumbers::toBytes))
                .addDeserializer(OptionalDouble.class, new Maybe())
                .addDeserializer(double[].class, new Doubles())
                .addDeserializer(float[].class, new Floats());
    }

    /** Reads the number that a parser is at. */
    private interface Reading<T> {
        T read(JsonParser in, DeserializationContext context) throws IOException;
    }

    private static double toDouble(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.currentToken().isNumeric()) {
            return context.<Double>reportInputMismatch(double.class, "%s, where a number is needed", in.currentToken());
        }
        double value = in.getDoubleValue();
        if (Double.isInfinite(value)) {
            return context.<Double>reportInputMismatch(double.class, "a number out of the range of double");
        }
        return value;
    }

    private static float toFloat(JsonParser in, DeserializationContext context) throws IOException {
        float value = (float) toDouble(in, context);
        if (Float.isInfinite(value)) {
            return context.<Float>reportInputMismatch(float.class, "a number out of the range of float");
        }
        return value;
    }

    private static byte toByte(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            return context.<Byte>reportInputMismatch(byte.class, "%s, where an integer is needed", in.currentToken());
        }
        long value = in.getLongValue();
        if (value != (byte) value) {
            return context.<Byte>reportInputMismatch(byte.class, "%s, where -128 to 127 is needed", value);
        }
        return (byte) value;
    }

    private static byte[] toBytes(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_STRING)) {
            return context.<byte[]>reportInputMismatch(
                    byte[].class, "%s, where Base64 in a string is needed", in.currentToken());
        }
        return in.getBinaryValue();
    }

    private static final class Strict<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Reading<T> reading;

        Strict(Class<T> type, Reading<T> reading) {
            super(type);
            this.reading = reading;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return reading.read(in, context);
        }
    }

    private static final class Maybe extends StdScalarDeserializer<OptionalDouble> {
        private static final long serialVersionUID = 1L;

        Maybe() {
            super(OptionalDouble.class);
        }

        @Override
        public OptionalDouble deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return OptionalDouble.of(toDouble(in, context));
        }

        @Override
        public OptionalDouble getNullValue(DeserializationContext context) {
            return OptionalDouble.empty();
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return OptionalDouble.empty();
        }
    }

    /** All numbers of an array. */
    private static <T> List<T> all(JsonParser in, DeserializationContext context, Reading<T> reading)
            throws IOException {
        if (!in.isExpectedStartArrayToken()) {
            context.reportInputMismatch(List.class, "%s, where an array is needed", in.currentToken());
        }
        List<T> all = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(reading.read(in, context));
        }
        return all;
    }

    private static final class Doubles extends StdScalarDeserializer<double[]> {
        private static final long serialVersionUID = 1L;

        Doubles() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return all(in, context, JsonNumbers::toDouble).stream()
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
            List<Float> all = all(in, context, JsonNumbers::toFloat);
            float[] values = new float[all.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = all.get(i);
            }
            return values;
        }
    }
}
