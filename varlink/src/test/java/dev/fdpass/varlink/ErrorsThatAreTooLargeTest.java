package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.frame.FrameLimits;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An error is answered even if its parameters, which a stranger may have chosen, are more than a message may have. */
class ErrorsThatAreTooLargeTest {
    private static final int MOST_BYTES = 250;
    private static final String LONG = "x".repeat(180);

    private static final String DESCRIPTION = """
            interface a.b
            method Fail(name: string) -> ()
            method Fine() -> ()
            """;

    private VarlinkServer server;
    private VarlinkClient client;

    @BeforeEach
    void begin() throws IOException {
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(DESCRIPTION, ErrorsThatAreTooLargeTest::answer)
                .frameLimits(FrameLimits.DEFAULT.maxBytes(MOST_BYTES))
                .build();
        server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
        client = VarlinkClient.connect(server.localAddress());
        client.setRequestTimeout(Duration.ofSeconds(60));
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        server.close();
    }

    private static void answer(VarlinkCall call) throws IOException {
        if (call.methodName().equals("Fail")) {
            throw new VarlinkException(call.parameters().path("name").textValue(), Map.of("why", LONG + LONG));
        }
        call.reply(Map.of());
    }

    private void failsWithoutParameters(String method, Map<String, ?> parameters, String error) throws IOException {
        assertThatExceptionOfType(VarlinkException.class)
                .isThrownBy(() -> client.call(method, parameters))
                .satisfies(e -> {
                    assertThat(e.error()).isEqualTo(error);
                    assertThat(e.parameters()).isEmpty();
                });
        client.call("a.b.Fine", Map.of()).close(); // and the connection goes on
    }

    @Test
    void aNameOfTheClientIsLeftOut() throws IOException {
        failsWithoutParameters(LONG + ".Any", Map.of(), VarlinkException.INTERFACE_NOT_FOUND);
        failsWithoutParameters("a.b." + LONG, Map.of(), VarlinkException.METHOD_NOT_FOUND);
        failsWithoutParameters("org.varlink.service.GetInfo", Map.of(LONG, 1), VarlinkException.INVALID_PARAMETER);
    }

    @Test
    void whatAHandlerSaysIsLeftOut() throws IOException {
        failsWithoutParameters("a.b.Fail", Map.of("name", "a.b.Failed"), "a.b.Failed");
    }

    @Test
    void oneWhoseNameAloneIsTooLargeEndsTheConnection() throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(40);
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(DESCRIPTION, ErrorsThatAreTooLargeTest::answer)
                .frameLimits(limits)
                .build();
        try (VarlinkServer small = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient other = VarlinkClient.connect(small.localAddress())) {
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> other.call(Duration.ofSeconds(20), "a.b.None", Map.of()));
        }
    }
}
