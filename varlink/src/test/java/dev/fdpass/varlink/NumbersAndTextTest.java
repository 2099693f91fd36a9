package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that JSON, Varlink and Java do not have in common: both ends refuse them, rather than make something else of them. */
class NumbersAndTextTest {
    @VarlinkInterface("org.example.numbers")
    public interface Numbers {
        All echo(
                double real,
                float small,
                byte octet,
                OptionalDouble maybe,
                double[] reals,
                float[] smalls,
                List<Float> list,
                byte[] blob,
                String text)
                throws IOException;

        @SuppressWarnings("ArrayRecordComponent") // what is on the wire, not what should be
        record All(
                double real,
                float small,
                byte octet,
                OptionalDouble maybe,
                double[] reals,
                float[] smalls,
                List<Float> list,
                byte[] blob,
                String text) {}
    }

    private static VarlinkServer serve() throws IOException {
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(Numbers.class, Numbers.All::new)
                .build();
        return VarlinkServer.start(dev.fdpass.UnixStreamListener.bind(dev.fdpass.UnixAddress.unnamed()), service);
    }

    @Test
    void whatAllHaveInCommonComesBack() throws IOException {
        try (VarlinkServer server = serve();
                VarlinkClient client = VarlinkClient.connect(server.localAddress())) {
            Numbers.All all = client.proxy(Numbers.class)
                    .echo(
                            Double.MAX_VALUE,
                            Float.MIN_VALUE,
                            (byte) -128,
                            OptionalDouble.of(-0.5),
                            new double[] {0.1, 1e308},
                            new float[] {0.1f},
                            List.of(1.5f),
                            new byte[] {-1, 0, 127},
                            "\0\t\u2028\ud83d\ude00");
            assertThat(all.real()).isEqualTo(Double.MAX_VALUE);
            assertThat(all.small()).isEqualTo(Float.MIN_VALUE);
            assertThat(all.octet()).isEqualTo((byte) -128);
            assertThat(all.maybe()).hasValue(-0.5);
            assertThat(all.reals()).containsExactly(0.1, 1e308);
            assertThat(all.smalls()).containsExactly(0.1f);
            assertThat(all.list()).containsExactly(1.5f);
            assertThat(all.blob()).containsExactly(-1, 0, 127);
            assertThat(all.text()).isEqualTo("\0\t\u2028\ud83d\ude00");
        }
    }

    @Test
    void whatJsonHasNotIsRefusedBeforeItIsSent() throws IOException {
        try (VarlinkServer server = serve();
                VarlinkClient client = VarlinkClient.connect(server.localAddress())) {
            for (Object number : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.call("a.b.C", Map.of("x", List.of(number))))
                        .withMessageContaining("NaN");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.call("a.b.C", Map.of("x", "half a pair: \ud83d")))
                    .withMessageContaining("half of a surrogate pair");
            Object deep = 1;
            for (int i = 0; i < 255; i++) {
                deep = Map.of("x", deep);
            }
            Map<?, ?> deepest = Map.of("x", deep);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.call("a.b.C", deepest))
                    .withMessageContaining("nest");
            assertThatThrownBy(() -> client.call("a.b.C", ((Map<?, ?>) deepest.get("x"))))
                    .isInstanceOfSatisfying(
                            VarlinkException.class, e -> assertThat(e.error()).endsWith("InterfaceNotFound"));
            assertThat(client.info().product()).isEqualTo("b");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "real   | \"NaN\"        | real",
                "real   | \"-Infinity\"  | real",
                "real   | 1e400            | real",
                "real   | true             | real",
                "small  | 1e40             | small",
                "small  | \"NaN\"        | small",
                "octet  | 200              | octet",
                "octet  | 1.0              | octet",
                "octet  | 1e99             | octet",
                "maybe  | \"NaN\"        | maybe",
                "maybe  | 1e400            | maybe",
                "reals  | [1,\"NaN\"]    | reals",
                "reals  | [null]           | reals",
                "reals  | [1e400]          | reals",
                "reals  | 1                | reals",
                "smalls | [1e40]           | smalls",
                "list   | [1,\"NaN\"]    | list[1]",
                "list   | [null]           | list[0]",
                "blob   | [1,2]            | blob",
                "blob   | \"!\"          | blob",
                "text   | null             | text",
                "real   | 1e999999999      | real",
            })
    void whatJavaOrVarlinkHasNotIsRefusedWhenItComes(String name, String json, String where) throws Exception {
        try (VarlinkServer server = serve();
                VarlinkClient client = VarlinkClient.connect(server.localAddress())) {
            Map<String, Object> parameters = new java.util.HashMap<>(Map.of(
                    "real", 1, "small", 1, "octet", 1, "reals", List.of(), "smalls", List.of(), "list", List.of()));
            parameters.putAll(Map.of("blob", "", "text", ""));
            parameters.put(name, Json.read(json.getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> client.call("org.example.numbers.Echo", parameters))
                    .isInstanceOfSatisfying(VarlinkException.class, e -> {
                        assertThat(e.error()).isEqualTo(VarlinkException.INVALID_PARAMETER);
                        assertThat(e.parameters().path("parameter").asText()).startsWith(where);
                    });
        }
    }
}
