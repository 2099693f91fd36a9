package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the collector makes of pollers and of what is registered with them. */
class PollerForgottenTest {
    private static void collect() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
        }
    }

    private static UnixSeqpacket registerOneEnd(Poller<String> poller) throws IOException {
        SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
        poller.register(pair.second(), Interest.READ, "forgotten by all but the poller");
        return pair.first();
    }

    @Test
    void whatIsRegisteredIsNotForgotten() throws Exception {
        try (Poller<String> poller = Poller.open();
                UnixSeqpacket peer = registerOneEnd(poller)) {
            collect();
            peer.send(Text.buffer("1"));
            assertThat(poller.await()).isEqualTo(1);
            poller.ready(0).fd().asFd().close();
        }
    }

    private static void forgetPollerWithSocket() throws IOException {
        Poller<Object> poller = Poller.open();
        UnixSeqpacket socket = UnixSeqpacket.pair().second();
        poller.register(socket, Interest.READ, List.of(socket, poller));
    }

    @Test
    void aForgottenPollerAndWhatWasRegisteredAreClosed() throws Exception {
        Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
        forgetPollerWithSocket();
        assertThat(DescriptorLeakCheck.openDescriptors()).isNotEqualTo(before);
        for (int i = 0; i < 1000 && !DescriptorLeakCheck.openDescriptors().equals(before); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(DescriptorLeakCheck.openDescriptors()).isEqualTo(before);
    }

    @Test
    void aSocketOutlivesManyPollers() throws Exception {
        try (EventFd event = EventFd.create(1)) {
            List<Integer> counts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                try (Poller<String> poller = Poller.open()) {
                    poller.register(event, Interest.READ, "it");
                    counts.add(poller.await());
                }
            }
            assertThat(counts).hasSize(100).containsOnly(1);
        }
    }
}
