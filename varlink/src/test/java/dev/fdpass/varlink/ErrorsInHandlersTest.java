package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A handler that throws an {@link Error} fails its call, and nothing else. */
class ErrorsInHandlersTest {
    private static int deeper(int depth) {
        return depth == Integer.MAX_VALUE ? 0 : deeper(depth + 1) + 1;
    }

    @Test
    void theClientIsToldAndTheConnectionGoesOn() throws IOException {
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(
                        "interface org.example.any\nmethod Assert() -> ()\nmethod Overflow() -> ()\nmethod Fine() -> ()",
                        call -> {
                            switch (call.methodName()) {
                                case "Assert" -> throw new AssertionError("an error in the handler");
                                case "Overflow" -> call.reply(Map.of("depth", deeper(0)));
                                default -> call.reply(Map.of());
                            }
                        })
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient client = VarlinkClient.connect("unix:" + server.localAddress())) {
            client.setRequestTimeout(Duration.ofSeconds(20));
            for (String method : new String[] {"Assert", "Overflow"}) {
                assertThatExceptionOfType(VarlinkException.class)
                        .as(method)
                        .isThrownBy(() -> client.call("org.example.any." + method, Map.of()))
                        .satisfies(e -> assertThat(e.error()).isEqualTo(VarlinkException.INTERNAL_ERROR));
            }
            client.call("org.example.any.Fine", Map.of()).close();
        }
    }
}
