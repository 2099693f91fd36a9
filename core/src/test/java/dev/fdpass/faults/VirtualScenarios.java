package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Waiting in a virtual thread, which parks. */
final class VirtualScenarios {
    /** Scenarios whose operations run in a virtual thread are called so. */
    static final String VIRTUALLY = "virtually ";

    private VirtualScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put(VIRTUALLY + "wait", VirtualScenarios::waitForPacket);
        all.put(VIRTUALLY + "connect", VirtualScenarios::connect);
    }

    private static void waitForPacket(Stage stage) {
        stage.before(VirtualScenarios::awaitNoParkingThread);
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        stage.operation(() -> {
            pair.get().second().setReceiveTimeout(Duration.ofMillis(5));
            return pair.get().second().receive(8, 2);
        });
        stage.after(failed -> {
            pair.get().first().send(ByteBuffer.allocate(2));
            return Look.arrives(pair.get().second(), 2, 0);
        });
        stage.atTheEnd(VirtualScenarios::awaitNoParkingThread);
    }

    private static void connect(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        UnixAddress address = listener.localAddress();
        stage.operation(() -> UnixStream.connect(address));
    }

    /** Returns when the thread that waits for all virtual ones has ended, so that each round starts one. */
    private static void awaitNoParkingThread() throws InterruptedException {
        int patience = 60_000;
        while (DescriptorLeakCheck.openDescriptors().containsValue("anon_inode:[eventpoll]")) {
            assertThat(--patience).as("the parking thread ends").isPositive();
            Thread.sleep(1);
        }
    }
}
