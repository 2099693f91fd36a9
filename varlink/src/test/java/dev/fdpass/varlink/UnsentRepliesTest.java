package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who cannot be sent his reply must not wait for it for ever. */
class UnsentRepliesTest {
    private static final String DESCRIPTION = """
            interface a.b
            method Large() -> (text: string)
            """;

    @Test
    void theConnectionEndsAlsoIfTheHandlerTakesNoNotice() throws Exception {
        CountDownLatch unsent = new CountDownLatch(1);
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(DESCRIPTION, call -> {
                    try {
                        call.reply(Map.of("text", "x".repeat(1_000_000)));
                    } catch (SocketTimeoutException e) {
                        unsent.countDown();
                    }
                })
                .sendTimeout(Duration.ofMillis(100))
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                UnixStream client = UnixStream.connect(server.localAddress())) {
            client.setReceiveTimeout(Duration.ofSeconds(60));
            client.send(ByteBuffer.wrap("{\"method\":\"a.b.Large\"}\0".getBytes(StandardCharsets.US_ASCII)));
            assertThat(unsent.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(bytesUntilTheEnd(client)).isBetween(1L, 1_000_000L);
        }
    }

    private static long bytesUntilTheEnd(UnixStream from) throws IOException {
        long bytes = 0;
        while (true) {
            try (Received received = from.receive(1 << 16, 0)) {
                if (received.isEndOfStream()) {
                    return bytes;
                }
                bytes += received.bytes();
            }
        }
    }
}
