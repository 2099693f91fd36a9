package dev.fdpass.jdk;

import dev.fdpass.jdk.Proofs.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Has the JDK open what it then keeps open: how virtual threads wait, how closing wakes. */
final class WarmUp {
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
    }
}
