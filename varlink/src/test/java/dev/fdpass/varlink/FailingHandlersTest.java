package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a handler throws, who called is told that it failed, and no more than is meant for him. */
@Timeout(60)
class FailingHandlersTest {
    private static final String DESCRIPTION = """
            interface a.b
            method Fail(how: string) -> ()
            """;

    @Test
    void theCallIsAnsweredAndTheConnectionGoesOn() throws Exception {
        VarlinkService service = VarlinkService.builder("Example", "Tests", "1", "https://example.org")
                .add(DESCRIPTION, call -> {
                    switch (call.parameters().path("how").textValue()) {
                        case "exception" -> throw new IOException("/etc/secret is not there");
                        case "error" -> throw new AssertionError("/etc/secret");
                        case "overflow" -> throw new StackOverflowError();
                        default -> call.reply(Map.of());
                    }
                })
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient client = VarlinkClient.connect(server.localAddress())) {
            for (String how : new String[] {"exception", "error", "overflow"}) {
                assertThatExceptionOfType(VarlinkException.class)
                        .isThrownBy(() -> client.call("a.b.Fail", Map.of("how", how)))
                        .satisfies(e -> assertThat(e.error()).isEqualTo(VarlinkException.INTERNAL_ERROR))
                        .withMessageNotContaining("secret");
            }
            client.call("a.b.Fail", Map.of("how", "not")).close();
        }
    }
}
