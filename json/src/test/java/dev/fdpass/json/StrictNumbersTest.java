package dev.fdpass.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictNumbersTest {
    private static final JsonMapper FINITE =
            StrictJson.builder(10, NonFinite.REFUSED).build();
    private static final JsonMapper WITH_TEXT =
            StrictJson.builder(10, NonFinite.AS_TEXT).build();

    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("double", double.class),
            Map.entry("Double", Double.class),
            Map.entry("float", float.class),
            Map.entry("Float", Float.class),
            Map.entry("byte", byte.class),
            Map.entry("Byte", Byte.class),
            Map.entry("short", short.class),
            Map.entry("int", int.class),
            Map.entry("long", long.class),
            Map.entry("char", char.class),
            Map.entry("Character", Character.class),
            Map.entry("bytes", byte[].class),
            Map.entry("doubles", double[].class),
            Map.entry("floats", float[].class),
            Map.entry("Doubles", Double[].class));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "double    | 1e400",
                "Double    | -1e400",
                "double    | true",
                "double    | \"1.5\"",
                "double    | \"\"",
                "float     | 1e40",
                "Float     | 3.5e38",
                "byte      | 128",
                "Byte      | 255",
                "byte      | -129",
                "byte      | 1.0",
                "byte      | 10000000000000000000000",
                "short     | 32768",
                "int       | 2147483648",
                "long      | 9223372036854775808",
                "char      | 65",
                "Character | 65",
                "char      | \"ab\"",
                "bytes     | [1,2]",
                "bytes     | \"!\"",
                "doubles   | 1",
                "doubles   | \"NaN\"",
                "doubles   | [1,1e400]",
                "doubles   | [[1]]",
                "floats    | [1e40]",
                "Doubles   | [1,1e400]",
            })
    void whatATypeCannotHoldIsRefused(String type, String json) {
        for (JsonMapper mapper : new JsonMapper[] {FINITE, WITH_TEXT}) {
            assertThatThrownBy(() -> mapper.readValue(json, TYPES.get(type)))
                    .isInstanceOf(JsonProcessingException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "double    | 1.7976931348623157e308",
                "Double    | -4.9e-324",
                "float     | 3.4028235e38",
                "byte      | -128",
                "Byte      | 127",
                "short     | -32768",
                "char      | \"A\"",
                "bytes     | \"/wB/\"",
                "doubles   | [0.1,1.0E308]",
                "doubles   | []",
                "floats    | [0.1,-0.0]",
                "Doubles   | [0.1,null]",
            })
    void whatATypeCanHoldIsRead(String type, String json) throws JsonProcessingException {
        for (JsonMapper mapper : new JsonMapper[] {FINITE, WITH_TEXT}) {
            Object value = mapper.readValue(json, TYPES.get(type));
            assertThat(mapper.writeValueAsString(value)).isEqualToIgnoringCase(json.replace("e308", "E308"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void whatIsNotFiniteIsTextOrRefused(String text) throws JsonProcessingException {
        String quoted = '"' + text + '"';
        double value = Double.parseDouble(text);
        for (Class<?> type : new Class<?>[] {double.class, Double.class}) {
            assertThat(WITH_TEXT.readValue(quoted, type)).isEqualTo(value);
            assertThat(WITH_TEXT.writeValueAsString(value)).isEqualTo(quoted);
        }
        assertThat(WITH_TEXT.readValue(quoted, Float.class)).isEqualTo(Float.valueOf((float) value));
        assertThat(WITH_TEXT.readValue('[' + quoted + ']', double[].class)).containsExactly(value);
        assertThat(WITH_TEXT.readValue('[' + quoted + ']', float[].class)).containsExactly((float) value);
        for (Class<?> type : new Class<?>[] {double.class, Double.class, float.class}) {
            assertThatThrownBy(() -> FINITE.readValue(quoted, type)).isInstanceOf(MismatchedInputException.class);
            assertThatThrownBy(() -> FINITE.readValue(text, type)).isInstanceOf(JsonProcessingException.class);
            assertThatThrownBy(() -> WITH_TEXT.readValue(text, type)).isInstanceOf(JsonProcessingException.class);
        }
        for (Class<?> type : new Class<?>[] {double[].class, float[].class, Double[].class}) {
            assertThatThrownBy(() -> FINITE.readValue('[' + quoted + ']', type))
                    .isInstanceOf(MismatchedInputException.class);
        }
    }

    record Numbers(double real, float small, byte octet) {}

    @Test
    void whatIsMissingOrNullIsZeroUnlessTheProtocolRefusesIt() throws JsonProcessingException {
        getClass().getModule().addOpens(getClass().getPackageName(), JsonMapper.class.getModule());
        Numbers zero = new Numbers(0, 0, (byte) 0);
        JsonMapper strict = StrictJson.builder(10, NonFinite.REFUSED)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        for (String json : new String[] {"{}", "{\"real\":null,\"small\":null,\"octet\":null}"}) {
            assertThat(WITH_TEXT.readValue(json, Numbers.class)).isEqualTo(zero);
            assertThatThrownBy(() -> strict.readValue(json, Numbers.class))
                    .isInstanceOf(MismatchedInputException.class);
        }
        assertThat(WITH_TEXT.readValue("[1,null]", double[].class)).containsExactly(1, 0);
        assertThat(WITH_TEXT.readValue("[1,null]", float[].class)).containsExactly(1, 0);
        assertThatThrownBy(() -> strict.readValue("[1,null]", double[].class))
                .isInstanceOf(MismatchedInputException.class);
    }
}
