package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** That it works for TCP is shown by the demo of the command, whose other process accepts on a passed TCP listener. */
class ListeningSocketTest {
    @Test
    void acceptsWhatConnects() throws Exception {
        try (UnixStreamListener unix = UnixStreamListener.bind(UnixAddress.unnamed());
                ListeningSocket listener = ListeningSocket.adopt(unix.asFd().duplicate())) {
            assertThat(listener.tryAccept()).isEmpty();
            try (UnixStream client = UnixStream.connect(unix.localAddress());
                    UnixStream accepted = UnixStream.adopt(listener.accept(Duration.ofSeconds(10)))) {
                client.write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer read = ByteBuffer.allocate(1);
                assertThat(accepted.read(read)).isOne();
                assertThat(read.get(0)).isEqualTo((byte) 7);
            }
        }
    }

    @Test
    void waitsNoLongerThanItsTimeout() throws Exception {
        try (UnixStreamListener unix = UnixStreamListener.bind(UnixAddress.unnamed());
                ListeningSocket listener = ListeningSocket.adopt(unix.asFd())) {
            assertThatThrownBy(() -> listener.accept(Duration.ofMillis(20))).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        try (UnixStreamListener unix = UnixStreamListener.bind(UnixAddress.unnamed())) {
            ListeningSocket listener = ListeningSocket.adopt(unix.asFd());
            try (Background<OwnedFd> waiting = Background.blocked(listener::accept)) {
                listener.close();
                assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
            }
        }
    }

    @Test
    void refusesWhatDoesNotListen() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                OwnedFd file = OwnedFd.open(Path.of("/dev/null"))) {
            assertThatThrownBy(() -> ListeningSocket.adopt(pair.first().asFd()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("is no listening socket");
            assertThatThrownBy(() -> ListeningSocket.adopt(file)).isInstanceOf(IllegalArgumentException.class);
            assertThat(file.isOpen()).isTrue();
        }
    }
}
