package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A descriptor that did not come is the peer's fault, and an exception that says so; one that is taken twice is one's own. */
class MissingDescriptorsTest {
    private static final String DESCRIPTION = """
            interface a.b
            method Take(count: int) -> ()
            """;

    private static VarlinkServer serve() throws IOException {
        VarlinkService service = VarlinkService.builder("Example", "Tests", "1", "https://example.org")
                .add(DESCRIPTION, call -> {
                    for (int i = 0; i < call.parameters().get("count").intValue(); i++) {
                        OwnedFd fd = call.takeFd(i);
                        int index = i;
                        assertThatIllegalStateException()
                                .isThrownBy(() -> call.takeFd(index))
                                .withMessageContaining("was taken already");
                        call.reply(Map.of(), fd);
                        fd.close();
                    }
                })
                .build();
        return VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
    }

    @Test
    void aCallWithTooFewIsAnsweredWithAnErrorAndAReplyWithTooFewIsOne() throws Exception {
        try (VarlinkServer server = serve();
                VarlinkClient client = VarlinkClient.connect(server.localAddress());
                OwnedFd file = TestFiles.holding("x")) {
            assertThatExceptionOfType(VarlinkException.class)
                    .isThrownBy(() -> client.call("a.b.Take", Map.of("count", 1)))
                    .satisfies(e -> assertThat(e.error()).isEqualTo(VarlinkException.INVALID_PARAMETER))
                    .withMessageContaining("descriptor 0 is missing: 0 came");
            try (Reply reply = client.call("a.b.Take", Map.of("count", 1), file);
                    OwnedFd same = reply.takeFd(0)) {
                assertThat(TestFiles.text(same)).isEqualTo("x");
                assertThatIllegalStateException()
                        .isThrownBy(() -> reply.takeFd(0))
                        .withMessageContaining("was taken already");
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> reply.takeFd(1))
                        .withMessage("of the reply, descriptor 1 is missing: 1 came");
            }
        }
    }

    @Test
    void whatIsClosedGivesNone() throws Exception {
        try (VarlinkServer server = serve();
                VarlinkClient client = VarlinkClient.connect(server.localAddress());
                OwnedFd file = TestFiles.holding("x")) {
            Reply reply = client.call("a.b.Take", Map.of("count", 1), file);
            reply.close();
            assertThatIllegalStateException().isThrownBy(() -> reply.takeFd(0));
        }
    }
}
