package dev.fdpass;

import static dev.fdpass.testing.Allocation.assertAllocatesNothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.DeepCaller;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A steady loop of sending, receiving and clearing allocates nothing on the Java heap, once it is compiled. */
@Tag("own-jvm")
class ZeroAllocationTest {
    @ParameterizedTest
    @EnumSource(SocketType.class)
    void ownPayloadWithADescriptor(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create();
                ScmMessage out = ScmMessage.allocate(64);
                ScmMessage in = ScmMessage.allocate(64)) {
            assertAllocatesNothing(() -> {
                out.payload().putLong(42);
                out.addFd(event);
                pair.first().send(out);
                out.clear();
                check(pair.second().receive(in));
                check(in.payload().getLong() == 42 && in.fdCount() == 1);
                in.clear();
            });
        }
    }

    @Test
    void aDirectBufferAddedEachTime() throws IOException {
        ByteBuffer sent = ByteBuffer.allocateDirect(64);
        ByteBuffer received = ByteBuffer.allocateDirect(64);
        buffersAddedEachTime(sent, received);
    }

    @Test
    void aHeapBufferAddedEachTime() throws IOException {
        buffersAddedEachTime(ByteBuffer.allocate(64), ByteBuffer.allocate(64));
    }

    private static void buffersAddedEachTime(ByteBuffer sent, ByteBuffer received) throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                EventFd event = EventFd.create();
                ScmMessage out = ScmMessage.allocate(64);
                ScmMessage in = ScmMessage.allocate(64)) {
            assertAllocatesNothing(() -> {
                out.addBuffer(sent.clear());
                out.addFd(event);
                pair.first().send(out);
                out.clear();
                in.addBuffer(received.clear());
                check(pair.second().receive(in));
                check(received.position() == 64 && in.fdCount() == 1);
                in.clear();
            });
        }
    }

    @Test
    void aSegmentAddedEachTime() throws IOException {
        try (Arena arena = Arena.ofShared();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage out = ScmMessage.allocate(0, 0);
                ScmMessage in = ScmMessage.allocate(0, 0)) {
            MemorySegment sent = arena.allocate(64);
            MemorySegment received = arena.allocate(64);
            assertAllocatesNothing(() -> {
                out.addBuffer(sent);
                pair.first().send(out);
                out.clear();
                in.addBuffer(received);
                check(pair.second().receive(in));
                check(in.bytes() == 64);
                in.clear();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void aPreparedMessageSentAgainAndAgain(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create();
                ScmMessage out = ScmMessage.allocate(64);
                ScmMessage in = ScmMessage.allocate(64)) {
            out.payload().putLong(42);
            out.addFd(event);
            assertAllocatesNothing(() -> {
                check(pair.first().trySend(out));
                check(pair.second().tryReceive(in) == TryResult.DONE);
                check(pair.second().tryReceive(in) == TryResult.WOULD_BLOCK);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void aBatch(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create();
                ScmBatch out = ScmBatch.allocate(8, 64, 1);
                ScmBatch in = ScmBatch.allocate(8, 64, 1)) {
            assertAllocatesNothing(() -> {
                for (int i = 0; i < 8; i++) {
                    out.message(i).payload().putLong(42);
                    out.message(i).addFd(event);
                }
                pair.first().sendAll(out, 8);
                out.clear();
                check(pair.second().receiveAll(in) == 8);
                check(in.message(7).payload().getLong() == 42 && in.message(7).fdCount() == 1);
                in.clear();
            });
        }
    }

    /**
     * The compiler looks only so deep from where it begins, and where it stops each system call would make an object. In a
     * JVM of its own: where it begins depends on what has run before.
     */
    @Test
    void behindManyMethodsOfTheCaller() throws Exception {
        assertThat(JavaProgram.runOnClassPath(
                                DeepCaller.class,
                                List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=4"))
                        .outputOfSuccess())
                .isEqualToIgnoringNewLines("allocates nothing");
    }

    private static void check(boolean asExpected) {
        if (!asExpected) {
            throw new AssertionError("the loop does not do what it is measured for");
        }
    }
}
