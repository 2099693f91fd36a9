package dev.fdpass.examples.hotrestart.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.examples.hotrestart.Client;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Roster;
import dev.fdpass.jdk.JdkSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class JdkConnectionTest {
    @Test
    void aConnectionThatIsTakenJustBeforeItsReadBeginsLeavesAlive() throws Exception {
        Roster roster = new Roster(Parcel::close);
        CountDownLatch isToRead = new CountDownLatch(1);
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (Client client = new Client(port);
                    SocketChannel accepted = listener.accept()) {
                JdkConnection connection =
                        new JdkConnection(accepted, ByteBuffer.allocate(0), new Site(1), roster, () -> {
                            isToRead.countDown();
                            while (accepted.isOpen()) {
                                Thread.onSpinWait();
                            }
                        });
                roster.add(connection);
                Thread thread = Thread.ofPlatform().start(connection);
                isToRead.await();

                try (Parcel parcel = roster.release(Duration.ofSeconds(10)).orElseThrow()) {
                    thread.join();
                    client.send("here");
                    try (SocketChannel taken = JdkSockets.toSocketChannel(parcel.socket())) {
                        ByteBuffer bytes = ByteBuffer.allocate(4);
                        while (bytes.hasRemaining() && taken.read(bytes) >= 0) {}
                        assertThat(new String(bytes.array(), StandardCharsets.US_ASCII))
                                .isEqualTo("here");
                    }
                }
                assertThat(roster.size()).isZero();
            }
        }
    }
}
