package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.frame.FrameLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long text may be, the limits of frames say, and nobody else. */
class LongTextTest {
    /** More than Jackson reads unless it is told to. */
    private static final int CHARACTERS = 20_000_001;

    private static final String DESCRIPTION = """
            interface org.example.text
            method Echo(text: string) -> (text: string)
            """;

    @Test
    void textAsLongAsTheLimitsAllowGoesBothWays() throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(CHARACTERS + 1000);
        VarlinkService service = VarlinkService.builder("Example", "Tests", "1", "https://example.org")
                .add(DESCRIPTION, call -> call.reply(call.parameters()))
                .frameLimits(limits)
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient client = VarlinkClient.over(UnixStream.connect(server.localAddress()), limits)) {
            client.setRequestTimeout(Duration.ofSeconds(60));
            String text = "x".repeat(CHARACTERS);
            try (Reply reply = client.call("org.example.text.Echo", Map.of("text", text))) {
                assertThat(reply.parameters().path("text").textValue().length()).isEqualTo(CHARACTERS);
            }
        }
    }
}
