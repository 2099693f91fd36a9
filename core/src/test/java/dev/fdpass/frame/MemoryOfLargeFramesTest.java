package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Background;
import dev.fdpass.waiting.Waiting;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A large frame takes memory as long as it is there, and large ones in a row do not take it anew each. */
class MemoryOfLargeFramesTest {
    private static final int LARGE = 2 << 20;
    private static final int SMALL = 100;

    // ---- Channels

    private static long nativeMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Native memory that is in use, once the collector has freed the rest. */
    private static long nativeMemoryAtRest() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return nativeMemory();
    }

    @Test
    void isGivenBackWhenTheNextFrameIsWaitedFor() throws Exception {
        FrameLimits limits = FrameLimits.DEFAULT.maxBytes(LARGE);
        long before = nativeMemoryAtRest();
        int count = 20;
        List<FramedChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel sender = FramedChannel.over(pair.first(), Framing.lengthHeader(), limits);
                channels.add(sender);
                FramedChannel receiver = FramedChannel.over(pair.second(), Framing.lengthHeader(), limits);
                channels.add(receiver);
                try (Background<Integer> sending = Background.run(() -> {
                            sender.send(ByteBuffer.allocate(LARGE));
                            return LARGE;
                        });
                        Frame frame = receiver.receive()) {
                    assertThat(frame.bytes()).isEqualTo(sending.get());
                }
                assertThat(receiver.tryReceive()).isEmpty();
            }
            long most = before + (long) count * LARGE / 10;
            Waiting.soon(() -> {
                System.gc();
                return nativeMemory() <= most;
            });
            assertThat(nativeMemory()).isLessThanOrEqualTo(most);
        } finally {
            for (FramedChannel channel : channels) {
                channel.close();
            }
        }
    }

    // ---- What they receive into

    private static void receive(UnixStream peer, FrameInput input, int bytes) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        try (Background<Integer> sending = Background.run(() -> peer.send(buffer))) {
            while (input.available() < bytes) {
                assertThat(input.receive(bytes, Turn.FOREVER)).isEqualTo(TryResult.DONE);
            }
            assertThat(sending.get()).isEqualTo(bytes);
        }
        input.drop(input.end());
        assertThat(input.receive(0, Turn.TRY)).isEqualTo(TryResult.WOULD_BLOCK);
    }

    private interface Body {
        void run(UnixStream peer, FrameInput input) throws Exception;
    }

    private static void with(Body body) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream socket = pair.second()) {
            FrameInput input = new FrameInput(socket, 1 << 16);
            try {
                body.run(pair.first(), input);
            } finally {
                input.close();
            }
        }
    }

    @Test
    void isKeptWhereEachFrameIsLarge() throws Exception {
        with((peer, input) -> {
            for (int i = 0; i < 2; i++) {
                receive(peer, input, LARGE);
            }
            ByteBuffer memory = input.bytes();
            for (int i = 0; i < 20; i++) {
                receive(peer, input, LARGE);
                assertThat(input.bytes()).isSameAs(memory);
            }
        });
    }

    @Test
    void isKeptWhereEachSecondFrameIsLargeAndGoesWhenNoneIs() throws Exception {
        with((peer, input) -> {
            for (int i = 0; i < 3; i++) {
                receive(peer, input, LARGE);
                receive(peer, input, SMALL);
            }
            ByteBuffer memory = input.bytes();
            for (int i = 0; i < 10; i++) {
                receive(peer, input, LARGE);
                receive(peer, input, SMALL);
                assertThat(input.bytes()).isSameAs(memory);
            }
            for (int i = 0; i < 16; i++) {
                receive(peer, input, SMALL);
            }
            assertThat(input.bytes().capacity()).isLessThan(1 << 17);
        });
    }

    @Test
    void smallFramesKeepTheirs() throws Exception {
        with((peer, input) -> {
            receive(peer, input, SMALL);
            ByteBuffer memory = input.bytes();
            for (int i = 0; i < 20; i++) {
                receive(peer, input, SMALL);
                assertThat(input.bytes()).isSameAs(memory);
            }
        });
    }
}
