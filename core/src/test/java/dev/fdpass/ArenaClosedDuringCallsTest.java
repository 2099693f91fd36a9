package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ArenaClosedDuringCallsTest {
    /** Memory that is closed between two calls is refused; never does the kernel write to memory that was given back. */
    @Test
    void closedMemoryIsRefused() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(0, 1)) {
            Arena arena = Arena.ofShared();
            message.addBuffer(arena.allocate(64));
            pair.first().send(ByteBuffer.allocate(8));
            assertThat(pair.second().receive(message)).isTrue();
            arena.close();
            pair.first().send(ByteBuffer.allocate(8));
            org.assertj.core.api.Assertions.assertThatIllegalStateException()
                    .isThrownBy(() -> pair.second().receive(message));
            try (Received received = pair.second().receive(64, 0)) {
                assertThat(received.bytes()).as("the packet was not taken").isEqualTo(8);
            }
        }
    }

    /** One thread receives into memory that another one closes at any moment: it closes, or says that it is in use. */
    @Test
    void closingRacesWithReceiving() throws Exception {
        AtomicReference<Arena> current = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger inUse = new AtomicInteger();
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(0, 0);
                Background<Void> closing = Background.run(() -> {
                    while (!over.get()) {
                        Arena arena = current.get();
                        if (arena != null) {
                            try {
                                arena.close();
                                current.set(null);
                            } catch (IllegalStateException e) {
                                inUse.incrementAndGet(); // the kernel is writing there: try again
                            }
                        }
                    }
                    return null;
                })) {
            ByteBuffer packet = ByteBuffer.allocateDirect(64 * 1024);
            int refused = 0;
            // At least a second, and until both have been seen: on a machine with other work a meeting may take longer.
            long start = System.nanoTime();
            long atLeast = 1_000_000_000L;
            long atMost = 60_000_000_000L;
            while (System.nanoTime() - start < (refused > 0 && inUse.get() > 0 ? atLeast : atMost)) {
                Arena arena = Arena.ofShared();
                message.clear();
                message.addBuffer(arena.allocate(64 * 1024));
                current.set(arena);
                try {
                    while (true) {
                        pair.first().send(packet.clear());
                        pair.second().receive(message);
                    }
                } catch (IllegalStateException e) {
                    refused++; // closed between two calls
                }
                while (current.get() != null) {
                    Thread.onSpinWait();
                }
                pair.second().receive(0, 0).close();
            }
            over.set(true);
            assertThat(refused).isPositive();
            closing.get();
            assertThat(inUse).as("attempts to close memory that was in use").hasPositiveValue();
        }
    }
}
