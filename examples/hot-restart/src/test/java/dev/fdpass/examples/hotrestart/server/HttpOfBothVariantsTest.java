package dev.fdpass.examples.hotrestart.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.examples.hotrestart.Client;
import dev.fdpass.examples.hotrestart.http.RequestReader;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client is not to notice which of the two answers. */
class HttpOfBothVariantsTest {
    private interface Talk {
        void with(Client client) throws Exception;
    }

    /** What the JDK and Netty open once and keep is not a leak of the first test. */
    @BeforeAll
    static void openWhatStaysOpen() throws Exception {
        for (Variant variant : Variant.values()) {
            talk(variant, client -> assertThat(client.ask("/").status()).isEqualTo(200));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFirstLineMayBeAsLongAsTheHead(Variant variant) throws Exception {
        String rest = Client.get("/");
        String target = "/" + "x".repeat(RequestReader.MAX_HEAD - rest.length());
        talk(variant, client -> {
            assertThat(Client.get(target)).hasSize(RequestReader.MAX_HEAD);
            assertThat(client.ask(target).status()).isEqualTo(404);
            assertThat(client.ask("/").status()).as("on the same connection").isEqualTo(200);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFieldMayBeAsLongAsTheHead(Variant variant) throws Exception {
        String rest = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
        String longest = rest.replace("X: ", "X: " + "x".repeat(RequestReader.MAX_HEAD - rest.length()));
        talk(variant, client -> {
            assertThat(client.send(longest).answer().status()).isEqualTo(200);
            assertThat(client.send(longest.replace("X: ", "X: x")).answer().status())
                    .isEqualTo(431);
            assertThat(client.isClosedByServer()).isTrue();
        });
    }

    @Test
    void whatNettyAloneDoesNotUnderstandIsRefusedAsWell() throws Exception {
        talk(Variant.NETTY, client -> {
            assertThat(client.ask("/a\tb").status()).isEqualTo(400);
            assertThat(client.isClosedByServer()).isTrue();
        });
    }

    private static void talk(Variant variant, Talk talk) throws Exception {
        try (Service service = variant.create(new Site(1));
                ServerSocketChannel channel = WarmUp.listen(0);
                OwnedFd listener = JdkSockets.duplicateOf(channel);
                Client client = new Client(((InetSocketAddress) channel.getLocalAddress()).getPort())) {
            service.accept(listener);
            talk.with(client);
        }
    }
}
