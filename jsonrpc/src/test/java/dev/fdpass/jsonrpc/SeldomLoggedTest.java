package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a peer can cause as often as it likes fills no log. */
class SeldomLoggedTest {
    private static final Logger LOGGER = Logger.getLogger("dev.fdpass");

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord log) {
            logged.add(log.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    @Test
    void errorsThatAnswerNothingAreLoggedOnce() throws Exception {
        SocketPair<UnixStream> sockets = UnixStream.pair();
        Methods methods = Methods.none().on("last", call -> null);
        try (UnixStream peer = sockets.first();
                JsonRpcConnection connection = JsonRpcConnection.over(sockets.second(), methods)) {
            String error =
                    "{\"jsonrpc\": \"2.0\", \"id\": null, \"error\": {\"code\": -32600, \"message\": \"What was that?\"}}";
            String last = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"last\"}";
            ByteBuffer all = ByteBuffer.wrap((error.repeat(100) + last).getBytes(UTF_8));
            while (all.hasRemaining()) {
                peer.send(all);
            }
            peer.setReceiveTimeout(Duration.ofSeconds(60));
            peer.receive(1000, 0).close(); // the answer to the last one
            assertThat(connection.isOpen()).isTrue();
            assertThat(logged)
                    .containsExactly(
                            "the peer answered with error -32600 to what was no request to it: \"What was that?\"");
        }
    }

    @Test
    void onceAMinuteItIsSaidAgainAndHowOftenNot() {
        Seldom seldom = new Seldom(System.getLogger("dev.fdpass"));
        long begin = Long.MAX_VALUE - 5; // time may overflow
        long second = 1_000_000_000;
        seldom.warn("a", begin);
        seldom.warn("b", begin + 1);
        seldom.warn("c", begin + 59 * second);
        seldom.warn("d", begin + 60 * second);
        seldom.warn("e", begin + 61 * second);
        seldom.warn("f", begin + 200 * second);
        seldom.warn("g", begin + 400 * second);
        assertThat(logged)
                .containsExactly(
                        "a",
                        "d (2 more of the kind were not logged since the last one)",
                        "f (1 more of the kind were not logged since the last one)",
                        "g");
    }
}
