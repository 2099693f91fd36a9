package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever a handler throws, who called is told that it failed, and no more than is meant for him. */
class FailingHandlersTest {
    private static final String DESCRIPTION = """
            interface a.b
            method Fail(how: string) -> (depth: int)
            """;

    private static int deeper(int depth) {
        return depth == Integer.MAX_VALUE ? 0 : deeper(depth + 1) + 1;
    }

    @Test
    void theCallIsAnsweredAndTheConnectionGoesOn() throws Exception {
        VarlinkService service = VarlinkService.builder("Example", "Tests", "1", "https://example.org")
                .add(DESCRIPTION, call -> {
                    switch (call.parameters().path("how").textValue()) {
                        case "exception" -> throw new IOException("/etc/secret is not there");
                        case "error" -> throw new AssertionError("/etc/secret");
                        case "overflow" -> call.reply(Map.of("depth", deeper(0)));
                        case "interrupted" -> {
                            Thread.currentThread().interrupt();
                            throw new InterruptedException("/etc/secret");
                        }
                        case "interrupted behind its reply" -> {
                            call.reply(Map.of("depth", 0));
                            Thread.currentThread().interrupt();
                        }
                        case "behind its reply" -> {
                            call.reply(Map.of("depth", 0));
                            throw new IllegalStateException("/etc/secret");
                        }
                        default -> call.reply(Map.of("depth", 0));
                    }
                })
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient client = VarlinkClient.connect(server.localAddress())) {
            client.setRequestTimeout(Duration.ofSeconds(60));
            for (String how : new String[] {"exception", "error", "overflow", "interrupted"}) {
                assertThatExceptionOfType(VarlinkException.class)
                        .isThrownBy(() -> client.call("a.b.Fail", Map.of("how", how)))
                        .satisfies(e -> assertThat(e.error()).isEqualTo(VarlinkException.INTERNAL_ERROR))
                        .withMessageNotContaining("secret");
            }
            for (String how : new String[] {"behind its reply", "interrupted behind its reply", "not"}) {
                client.call("a.b.Fail", Map.of("how", how)).close();
            }
        }
    }
}
