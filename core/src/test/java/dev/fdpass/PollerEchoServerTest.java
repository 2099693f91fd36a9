package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link Poller} is for: one thread serves a thousand clients, and ends when it is told to. */
class PollerEchoServerTest {
    private static final int CLIENTS = 1000;

    /** A server on one thread. What it waits for is attached as itself. */
    private static final class EchoServer {
        private final Poller<AsFd> poller;
        private final ScmMessage message;
        private int served;

        EchoServer(Poller<AsFd> poller, ScmMessage message) {
            this.poller = poller;
            this.message = message;
        }

        int serve(UnixSeqpacketListener listener, EventFd stop) throws IOException {
            poller.register(listener, Interest.READ, listener);
            poller.register(stop, Interest.READ, stop);
            while (true) {
                int count = poller.await();
                for (int i = 0; i < count; i++) {
                    Registration<AsFd> ready = poller.ready(i);
                    switch (ready.attachment()) {
                        case UnixSeqpacketListener _ -> accept(listener);
                        case UnixSeqpacket connection -> echo(connection);
                        default -> {
                            assertThat(ready.fd()).isSameAs(stop);
                            return served;
                        }
                    }
                }
            }
        }

        private void accept(UnixSeqpacketListener listener) throws IOException {
            Optional<UnixSeqpacket> connection = listener.tryAccept();
            if (connection.isPresent()) {
                poller.register(connection.get(), Interest.READ, connection.get());
            }
        }

        private void echo(UnixSeqpacket connection) throws IOException {
            switch (connection.tryReceive(message)) {
                case DONE -> {
                    int bytes = message.bytes();
                    message.clear();
                    message.payload().position(bytes); // and those are still there
                    connection.send(message);
                    served++;
                }
                case END_OF_STREAM -> connection.close(); // which ends the registration
                case WOULD_BLOCK -> {}
            }
        }
    }

    @Test
    void aThousandClientsAreServedByOneThread() throws Exception {
        List<UnixSeqpacket> clients = new ArrayList<>();
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                EventFd stop = EventFd.create();
                Poller<AsFd> poller = Poller.open();
                ScmMessage message = ScmMessage.allocate(64, 0);
                Background<Integer> server =
                        Background.run(() -> new EchoServer(poller, message).serve(listener, stop))) {
            for (int i = 0; i < CLIENTS; i++) {
                UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress());
                clients.add(client);
                client.setReceiveTimeout(Duration.ofSeconds(60));
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.get(i)
                            .send(ByteBuffer.allocate(8).putInt(round).putInt(i).flip());
                }
                for (int i = 0; i < CLIENTS; i++) {
                    assertThat(server.isDone()).isFalse();
                    try (Received received = clients.get(i).receive(64, 0)) {
                        assertThat(received.data().getInt()).isEqualTo(round);
                        assertThat(received.data().getInt()).isEqualTo(i);
                    }
                }
            }
            for (UnixSeqpacket client : clients) {
                client.shutdownOutput();
            }
            for (UnixSeqpacket client : clients) {
                try (Received received = client.receive(64, 0)) {
                    assertThat(received.isEndOfStream()).isTrue();
                }
            }
            stop.write(1);
            assertThat(server.get()).isEqualTo(3 * CLIENTS);
        } finally {
            for (UnixSeqpacket client : clients) {
                client.close();
            }
        }
    }
}
