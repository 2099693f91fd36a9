package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.testing.TestFiles;
import java.math.BigDecimal;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests, notifications and their answers, with descriptors and without, from both ends. */
@ExtendWith(NothingForgotten.class)
class RequestsTest {
    record Sum(int left, int right) {}

    record Renamed(@JsonProperty("from") int a, int b) {}

    record Named(String name, List<Integer> values) {
        Named {
            if (name != null && name.isBlank()) {
                throw new IllegalArgumentException("a name has letters");
            }
        }
    }

    private static final Methods METHODS = Methods.none()
            .on("sum", Sum.class, (sum, call) -> sum.left() + sum.right())
            .on("named", Named.class, (named, call) -> named)
            .on("renamed", Renamed.class, (renamed, call) -> renamed.a() + " " + renamed.b())
            .on("params", call -> call.params().isMissingNode() ? "none" : call.params())
            .on("nothing", call -> null)
            .on("texts", call -> TestFiles.takeTexts(call.takeFds()))
            .on("untaken", call -> call.fdCount())
            .on("first", call -> TestFiles.takeText(call.takeFd(0)))
            .on("socket", call -> {
                try (OwnedFd fd = call.takeFd(0, Expect.socket())) {
                    return fd.toString();
                }
            })
            .on("give", call -> {
                call.giveFd(TestFiles.holding("given")).giveFd(TestFiles.holding("too"));
                return "two";
            })
            .on("forward", call -> {
                call.giveFd(call.takeFd(0));
                return "yours";
            });

    @Test
    void aRequestIsAnsweredByTheHandlerOfItsName() throws Exception {
        try (Pair pair = Pair.of(METHODS)) {
            try (Reply reply = pair.first().request("sum", new Sum(1, 2))) {
                assertThat(reply.result().intValue()).isEqualTo(3);
                assertThat(reply.resultAs(Integer.class)).isEqualTo(3);
                assertThat(reply.fdCount()).isZero();
            }
            try (Reply reply = pair.first().request("nothing", null)) {
                assertThat(reply.result().isNull()).isTrue();
                assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> reply.resultAs(String.class));
            }
        }
    }

    @Test
    void paramsGoByNameOrByPlace() throws Exception {
        try (Pair pair = Pair.of(METHODS)) {
            assertThat(text(pair, "sum", Map.of("left", 1, "right", 2))).isEqualTo("3");
            assertThat(text(pair, "sum", List.of(1, 2))).isEqualTo("3");
            assertThat(text(pair, "named", List.of("a", List.of(1, 2)))).isEqualTo("{\"name\":\"a\",\"values\":[1,2]}");
            assertThat(text(pair, "named", List.of("a"))).isEqualTo("{\"name\":\"a\",\"values\":null}");
            assertThat(text(pair, "renamed", List.of(1, 2))).isEqualTo("\"1 2\"");
            assertThat(text(pair, "renamed", Map.of("from", 1, "b", 2))).isEqualTo("\"1 2\"");
            assertThat(text(pair, "params", null)).isEqualTo("\"none\"");
            assertThat(text(pair, "params", List.of())).isEqualTo("[]");
            assertThat(text(pair, "params", Map.of("a", Map.of("b", new BigDecimal("1.10")))))
                    .isEqualTo("{\"a\":{\"b\":1.10}}");
        }
    }

    @Test
    void paramsThatDoNotFitAreRefusedWithTheReason() throws Exception {
        try (Pair pair = Pair.of(METHODS)) {
            assertInvalid(pair, "sum", null, "there are no params");
            assertInvalid(pair, "sum", Map.of("left", 1), "\"right\"");
            assertInvalid(pair, "sum", List.of(1), "\"right\"");
            assertInvalid(pair, "sum", List.of(1, 2, 3), "there are 3; 2 are known: [left, right]");
            assertInvalid(pair, "sum", Map.of("left", 1, "right", 2, "up", 3), "\"up\" is unknown; known are [");
            assertInvalid(pair, "sum", Map.of("left", "1", "right", 2), "\"left\" is no int");
            assertInvalid(pair, "sum", Map.of("left", 1.5, "right", 2), "\"left\" is no int");
            assertInvalid(pair, "named", Map.of("values", List.of(1, "x")), "\"values[1]\" is no Integer");
            assertInvalid(pair, "named", Map.of("name", " "), "a name has letters");
        }
    }

    @Test
    void aResultThatDoesNotFitIsAnError() throws Exception {
        try (Pair pair = Pair.of(METHODS);
                Reply reply = pair.first().request("named", Map.of("name", "x"))) {
            assertThat(reply.resultAs(Named.class).name()).isEqualTo("x");
            assertThat(reply.resultAs(Sub.class).name())
                    .as("unknown members are ignored")
                    .isEqualTo("x");
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> reply.resultAs(Sum.class))
                    .withMessageContaining("does not fit");
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> reply.takeFd(0))
                    .withMessageContaining("descriptor 0 is missing: 0 came");
        }
    }

    record Sub(String name) {}

    @Test
    void descriptorsGoWithARequestAndStayTheSenders() throws Exception {
        List<OwnedFd> files = TestFiles.numbered(3);
        try (Pair pair = Pair.of(METHODS);
                Reply reply = pair.first().request("texts", null, files.toArray(OwnedFd[]::new))) {
            assertThat(reply.result().toString()).isEqualTo("[\"0\",\"1\",\"2\"]");
            assertThat(files).allMatch(OwnedFd::isOpen);
        } finally {
            TestFiles.close(files);
        }
    }

    @Test
    void descriptorsThatAHandlerDoesNotTakeAreClosed() throws Exception {
        try (Pair pair = Pair.of(METHODS);
                OwnedFd file = TestFiles.holding("x");
                Reply reply = pair.first().request("untaken", null, file, file)) {
            assertThat(reply.result().intValue()).isEqualTo(2);
            TestFiles.awaitOpen(1);
        }
    }

    @Test
    @SuppressWarnings("try")
    void descriptorsGoWithAnAnswer() throws Exception {
        try (Pair pair = Pair.of(METHODS);
                Reply reply = pair.first().request("give", null)) {
            assertThat(reply.fdCount()).isEqualTo(2);
            TestFiles.awaitOpen(2); // those of the handler are closed
            assertThat(TestFiles.takeText(reply.takeFd(1))).isEqualTo("too");
            TestFiles.awaitOpen(1);
            reply.close();
            TestFiles.awaitOpen(0);
        }
    }

    @Test
    void whatCameGoesOn() throws Exception {
        try (Pair pair = Pair.of(METHODS);
                OwnedFd file = TestFiles.holding("x");
                Reply reply = pair.first().request("forward", null, file)) {
            assertThat(TestFiles.takeText(reply.takeFd(0))).isEqualTo("x");
            TestFiles.awaitOpen(1);
        }
    }

    @Test
    void whatIsLentIsSentAndStaysOpen() throws Exception {
        try (OwnedFd file = TestFiles.holding("x");
                Pair pair = Pair.of(Methods.none().on("lend", call -> {
                    call.lendFd(file);
                    return null;
                }));
                Reply reply = pair.first().request("lend", null)) {
            assertThat(TestFiles.takeText(reply.takeFd(0))).isEqualTo("x");
            assertThat(file.isOpen()).isTrue();
        }
    }

    @Test
    void aMissingOrAWrongDescriptorIsTheCallersFault() throws Exception {
        try (Pair pair = Pair.of(METHODS);
                OwnedFd file = TestFiles.holding("x")) {
            assertInvalid(pair, "first", null, "descriptor 0 is missing: 0 came");
            assertThatExceptionOfType(JsonRpcException.class)
                    .isThrownBy(() -> pair.first().request("socket", null, file))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(JsonRpcException.INVALID_PARAMS))
                    .satisfies(
                            e -> assertThat(e.data().orElseThrow().textValue()).contains("socket"));
            TestFiles.awaitOpen(1);
        }
    }

    @Test
    void aNotificationIsHandledAndNotAnswered() throws Exception {
        BlockingQueue<String> said = new ArrayBlockingQueue<>(10);
        Methods methods = METHODS.on("say", call -> {
            said.add(call.isNotification() + " " + call.params() + " " + TestFiles.takeTexts(call.takeFds()));
            call.giveFd(TestFiles.holding("for nobody"));
            return "for nobody";
        });
        try (Pair pair = Pair.of(methods);
                OwnedFd file = TestFiles.holding("x")) {
            pair.first().notify("say", List.of(1), file);
            assertThat(said.poll(60, TimeUnit.SECONDS)).isEqualTo("true [1] [x]");
            pair.first().notify("unknown", null, file);
            assertThat(text(pair, "sum", List.of(1, 2))).isEqualTo("3");
            TestFiles.awaitOpen(1);
        }
    }

    @Test
    void bothEndsCallEachOther() throws Exception {
        Methods methods = Methods.none().on("down", call -> {
            int n = call.params().get(0).intValue();
            if (n == 0) {
                return TestFiles.takeText(call.takeFd(0));
            }
            try (OwnedFd file = call.takeFd(0);
                    Reply reply = call.connection().request("down", List.of(n - 1), file)) {
                return n + " " + reply.result().textValue();
            }
        });
        try (Pair pair = Pair.of(methods, methods, JsonRpcOptions.DEFAULT);
                OwnedFd file = TestFiles.holding("bottom");
                Reply reply = pair.first().request("down", List.of(6), file)) {
            assertThat(reply.result().textValue()).isEqualTo("6 5 4 3 2 1 bottom");
            TestFiles.awaitOpen(1);
        }
    }

    @Test
    void whatCannotBeSentIsRefusedBeforeAnythingIs() throws Exception {
        OwnedFd closed = TestFiles.holding("x");
        closed.close();
        Map<String, Object> withFd = new HashMap<>(Map.of("fd", closed));
        try (Pair pair = Pair.of(METHODS)) {
            JsonRpcConnection connection = pair.first();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection.request("sum", "text"))
                    .withMessageContaining("the params become STRING");
            assertThatIllegalArgumentException().isThrownBy(() -> connection.notify("sum", TextNode.valueOf("text")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection.request("sum", withFd))
                    .withMessageContaining("descriptors go beside them");
            assertThatIllegalArgumentException().isThrownBy(() -> connection.request("sum", null, closed));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection.request("sum", List.of("x".repeat(1 << 20))))
                    .withMessageContaining("the limit is 1048576");
            assertThat(text(pair, "sum", List.of(1, 2))).isEqualTo("3");
        }
    }

    @Test
    void textOfAllKindsArrives() throws Exception {
        List<String> texts = List.of("äöü€😀", "\0\t\"\\", "\ud800", "\ufffe", "x".repeat(100_000));
        try (Pair pair = Pair.of(METHODS);
                Reply reply = pair.first().request("params", texts)) {
            for (int i = 0; i < texts.size(); i++) {
                assertThat(reply.result().get(i).textValue()).isEqualTo(texts.get(i));
            }
        }
    }

    @Test
    void methodsHaveOneHandlerEach() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> METHODS.on("sum", call -> null))
                .withMessageContaining("there already");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> METHODS.on("rpc.discover", call -> null))
                .withMessageContaining("kept for JSON-RPC");
        assertThat(METHODS.names()).contains("sum", "give").doesNotContain("rpc.discover");
    }

    private static String text(Pair pair, String method, Object params) throws Exception {
        try (Reply reply = pair.first().request(method, params)) {
            return reply.result().toString();
        }
    }

    private static void assertInvalid(Pair pair, String method, Object params, String why) {
        assertThatExceptionOfType(JsonRpcException.class)
                .isThrownBy(() -> pair.first().request(method, params))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.code()).isEqualTo(JsonRpcException.INVALID_PARAMS));
    }
}
