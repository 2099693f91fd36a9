package dev.fdpass.examples.sharedring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerProcessTest {
    private static final int CAPACITY = 1 << 21;
    private static final Duration SPIN = Duration.ofNanos(20_000);

    @ParameterizedTest
    @EnumSource
    void messagesGoThereAndBack(Contender contender) throws Exception {
        try (Arena arena = Arena.ofConfined();
                PeerProcess peer = PeerProcess.start()) {
            Payload payload = new Payload(arena);
            try (Lane lane = peer.open(contender, CAPACITY, SPIN)) {
                for (int size : new int[] {8, 1024, 1 << 20}) {
                    MemorySegment message = payload.message(arena, size);
                    peer.order(new Order.Echo(contender, size, 10));
                    for (int i = 0; i < 10; i++) {
                        Payload.stamp(message, i);
                        lane.send(message);
                        payload.check(lane.receive(size), i);
                    }
                }
            }
            peer.end();
        }
    }

    @ParameterizedTest
    @EnumSource
    void thatTheOtherProcessWasKilledIsNoticed(Contender contender) throws Exception {
        try (Arena arena = Arena.ofConfined();
                PeerProcess peer = PeerProcess.start();
                Lane lane = peer.open(contender, CAPACITY, SPIN)) {
            MemorySegment message = new Payload(arena).message(arena, 1024);
            peer.order(new Order.Receive(contender, 1024, Integer.MAX_VALUE));
            long children = ProcessHandle.current()
                    .children()
                    .filter(ProcessHandle::destroyForcibly)
                    .count();
            assertThat(children).isEqualTo(1);
            long begin = System.nanoTime();
            assertThatThrownBy(() -> sendForEver(lane, message)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> lane.receive(1024)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> peer.order(new Order.Echo(contender, 8, 1)))
                    .isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Peer.PATIENCE);
        }
    }

    private static void sendForEver(Lane lane, MemorySegment message) throws IOException {
        for (long i = 0; true; i++) {
            Payload.stamp(message, i);
            lane.send(message);
        }
    }

    @Test
    void whatTheOtherProcessCannotDoItSays() throws Exception {
        try (Arena arena = Arena.ofConfined();
                PeerProcess peer = PeerProcess.start();
                Lane lane = peer.open(Contender.SOCKET, CAPACITY, SPIN)) {
            peer.order(new Order.Receive(Contender.SOCKET, 1024, 1));
            lane.send(new Payload(arena).message(arena, 1024)); // without the number of the message
            assertThatThrownBy(() -> peer.order(new Order.Receive(Contender.SOCKET, 1024, 1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("message 0 of 1024 bytes");
        }
    }

    @Test
    void whatTheOtherProcessLeavesOpenIsNoticed() throws Exception {
        try (PeerProcess peer = PeerProcess.start();
                Lane first = peer.open(Contender.SOCKET, CAPACITY, SPIN);
                Lane second = peer.open(Contender.SOCKET, CAPACITY, SPIN)) { // in whose place there it comes
            assertThat(first).isNotSameAs(second);
            assertThatThrownBy(peer::end)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("left descriptors open")
                    .hasMessageContaining("socket:");
        }
    }
}
