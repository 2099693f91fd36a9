package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where UDP has to stand in, conversions of connections of one local address wait for one another. */
class StandInTest {
    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    @Test
    @SuppressWarnings("try") // closing is what it is about
    void aPortThatIsTakenForAMomentIsTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (DatagramChannel other = DatagramChannel.open()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) other.getLocalAddress();
            try (DatagramChannel made = StandIn.oneAtATime(() -> {
                DatagramChannel channel = DatagramChannel.open();
                try {
                    if (attempts.incrementAndGet() == 3) {
                        other.close();
                    }
                    return channel.bind(address);
                } catch (Throwable t) {
                    try (channel) {
                        throw t;
                    }
                }
            })) {
                assertThat(made.getLocalAddress()).isEqualTo(address);
            }
        }
        assertThat(attempts).hasValue(3);
    }
}
