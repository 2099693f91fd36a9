package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.Expect;
import dev.fdpass.FdPipe;
import dev.fdpass.OwnedFd;
import dev.fdpass.RejectedFdException;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a descriptor must be is said where it is taken; one that is anything else is closed. */
class ExpectedDescriptorsTest {
    private static final String NAME = "org.example.any.";

    private static final String DESCRIPTION = """
            interface org.example.any
            method Echo(a: int, b: int) -> (a: int, b: int)
            method ByName(a: int) -> (text: string)
            method ByIndex(a: int) -> (text: string)
            method Exactly(a: int) -> (text: string)
            """;

    private VarlinkServer server;
    private VarlinkClient client;
    private OwnedFd file;
    private FdPipe pipe;

    @BeforeEach
    void begin() throws IOException {
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(DESCRIPTION, ExpectedDescriptorsTest::answer)
                .build();
        server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
        client = VarlinkClient.connect("unix:" + server.localAddress());
        client.setRequestTimeout(Duration.ofSeconds(60));
        file = TestFiles.holding("x");
        pipe = FdPipe.open();
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        server.close();
        file.close();
        pipe.readEnd().close();
        pipe.writeEnd().close();
        TestFiles.awaitOpen(0);
    }

    private static void answer(VarlinkCall call) throws IOException {
        switch (call.methodName()) {
            case "Echo" -> {
                List<OwnedFd> fds = call.takeFds();
                try {
                    call.reply(call.parameters(), fds.toArray(OwnedFd[]::new));
                } finally {
                    TestFiles.close(fds);
                }
            }
            case "ByName" -> replyWith(call, call.takeFd("a", Expect.regularFile()));
            case "ByIndex" -> replyWith(call, call.takeFd(0, Expect.regularFile()));
            default -> replyWith(call, call.takeExactly(Expect.regularFile()).getFirst());
        }
    }

    private static void replyWith(VarlinkCall call, OwnedFd file) throws IOException {
        call.reply(Map.of("text", TestFiles.takeText(file)));
    }

    private Reply echo() throws IOException {
        Reply reply = client.call(
                NAME + "Echo", new TreeMap<>(Map.of("a", file, "b", pipe.readEnd()))); // Map.of has any order
        TestFiles.awaitOpen(2); // ours and the reply's; pipes are not counted
        return reply;
    }

    @Test
    void aServiceTakesWhatItExpects() throws IOException {
        for (String method : List.of("ByName", "ByIndex", "Exactly")) {
            try (Reply reply = client.call(NAME + method, Map.of("a", file))) {
                assertThat(reply.parameters().path("text").textValue()).isEqualTo("x");
            }
        }
        TestFiles.awaitOpen(1);
    }

    @Test
    void aClientIsToldWhichParameterWasNotWhatTheServiceExpects() throws IOException {
        rejected("ByName", "a", pipe.readEnd());
        rejected("ByIndex", "descriptor 0", pipe.readEnd());
        rejected("Exactly", "the descriptors", pipe.readEnd());
        rejected("Exactly", "the descriptors", file, file);
        TestFiles.awaitOpen(1);
        aServiceTakesWhatItExpects(); // and the connection goes on
    }

    private void rejected(String method, String parameter, OwnedFd... fds) {
        assertThatExceptionOfType(VarlinkException.class)
                .isThrownBy(() -> client.call(NAME + method, Map.of("a", 0), fds))
                .matches(e -> e.is(VarlinkException.INVALID_PARAMETER))
                .satisfies(e ->
                        assertThat(e.parameters().path("parameter").textValue()).isEqualTo(parameter));
    }

    @Test
    void aReplyGivesWhatIsExpected() throws IOException {
        try (Reply reply = echo()) {
            assertThat(TestFiles.takeText(reply.takeFd("a", Expect.regularFile())))
                    .isEqualTo("x");
            reply.takeFd(1, Expect.pipe()).close();
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> reply.takeFd("a", Expect.regularFile()))
                    .withMessageContaining("named twice");
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> reply.takeFd("c", Expect.regularFile()))
                    .withMessageContaining("there is no such member");
            assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> reply.takeFd(2, Expect.regularFile()));
        }
        try (Reply reply = echo()) {
            List<OwnedFd> both = reply.takeExactly(Expect.regularFile(), Expect.pipe());
            assertThat(TestFiles.text(both.getFirst())).isEqualTo("x");
            TestFiles.close(both);
        }
        try (Reply reply = echo()) {
            TestFiles.close(reply.takeFds());
            assertThat(reply.takeFds()).isEmpty();
            assertThat(reply.fdCount()).isEqualTo(2);
        }
    }

    @Test
    void aReplyThatHasAnythingElseIsRejectedAndClosed() throws IOException {
        try (Reply reply = echo()) {
            assertThatExceptionOfType(RejectedFdException.class).isThrownBy(() -> reply.takeFd("a", Expect.pipe()));
            assertThatExceptionOfType(RejectedFdException.class)
                    .isThrownBy(() -> reply.takeFd(1, Expect.regularFile()));
            TestFiles.awaitOpen(1);
        }
        try (Reply reply = echo()) {
            assertThatExceptionOfType(RejectedFdException.class)
                    .isThrownBy(() -> reply.takeExactly(Expect.pipe(), Expect.pipe()));
            TestFiles.awaitOpen(1);
        }
        try (Reply reply = echo()) {
            reply.takeFd(1).close();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> reply.takeExactly(Expect.regularFile(), Expect.pipe()));
            TestFiles.awaitOpen(1);
        }
    }
}
