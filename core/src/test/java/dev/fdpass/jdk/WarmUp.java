package dev.fdpass.jdk;

import dev.fdpass.jdk.Proofs.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;

/** Has the JDK open what it then keeps open: how virtual threads wait, how closing wakes, where random names come from. */
public final class WarmUp {
    private WarmUp() {}

    @SuppressWarnings("try") // closing is what it is about
    static void jdk() throws Exception {
        for (Thread.Builder builder :
                new Thread.Builder[] {Thread.ofVirtual(), Thread.ofPlatform().daemon()}) {
            try (DatagramChannel channel =
                    DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                Waiting<?> waiting = Waiting.on(builder, () -> channel.receive(ByteBuffer.allocate(1)));
                channel.close();
                waiting.failure();
            }
        }
        sockets();
    }

    /** All but the wait of threads. */
    public static void sockets() throws IOException {
        try (ServerSocketChannel named =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(null)) {
            Files.delete(((UnixDomainSocketAddress) named.getLocalAddress()).getPath());
        }
    }
}
