package dev.fdpass.frame;

import static dev.fdpass.testing.Allocation.assertAllocatesNothing;

import dev.fdpass.EventFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames in reusable messages allocate nothing on the Java heap, once that is compiled. */
@Tag("own-jvm")
class FramesAllocateNothingTest {
    private static void check(boolean asExpected) {
        if (!asExpected) {
            throw new AssertionError("the loop does not do what it is measured for");
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void withADescriptor(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                EventFd event = EventFd.create();
                FrameMessage out = FrameMessage.allocate(64);
                FrameMessage in = FrameMessage.allocate(64)) {
            assertAllocatesNothing(() -> {
                out.data().putLong(42);
                out.addFd(event);
                left.send(out);
                out.clear();
                check(right.receive(in));
                check(in.data().getLong() == 42 && in.fdCount() == 1);
                in.clear();
            });
        }
    }

    @Test
    void severalAtATime() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                FrameMessage out = FrameMessage.allocate(64);
                FrameMessage in = FrameMessage.allocate(64)) {
            out.data().putLong(42);
            assertAllocatesNothing(() -> {
                for (int i = 0; i < 8; i++) {
                    check(left.trySend(out));
                }
                for (int i = 0; i < 8; i++) {
                    check(right.tryReceive(in) == TryResult.DONE);
                    check(in.data().getLong() == 42);
                }
                check(right.tryReceive(in) == TryResult.WOULD_BLOCK);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("memory for the bytes is there once, however few of them may be taken along")
    void withTheLeastThatMayBeTakenAlong(Wire wire) throws IOException {
        FrameLimits limits = FrameLimits.DEFAULT.maxBufferedBytes(16);
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second(), wire.framing(), limits);
                ScmMessage out = ScmMessage.allocate(256, 0);
                FrameMessage in = FrameMessage.allocate(64)) {
            out.payload().put(wire.frame(1, 0));
            assertAllocatesNothing(() -> {
                pair.first().send(out);
                check(channel.receive(in));
                check(in.bytes() > 0);
            });
        }
    }
}
