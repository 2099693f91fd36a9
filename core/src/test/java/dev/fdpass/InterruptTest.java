package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.SocketType;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class InterruptTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("L03: interrupting a thread that waits in a receive closes the socket")
    void receive(SocketType type, Door door) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertClosedByInterrupt(
                    pair.second(), () -> door.receive(pair.second(), 1, 1).bytes());
        }
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertClosedBeforehand(
                    pair.second(), () -> door.receive(pair.second(), 1, 1).bytes());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("L03: interrupting a thread that waits in a send closes the socket")
    void send(SocketType type, Door door) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            ByteBuffer block = ByteBuffer.allocateDirect(1000);
            while (pair.first().trySend(block.clear()).isPresent()) {
                // until the queue is full
            }
            assertClosedByInterrupt(pair.first(), () -> door.send(pair.first(), new byte[1000]));
        }
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertClosedBeforehand(pair.first(), () -> door.send(pair.first(), new byte[1]));
            assertThat(pair.first().isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void nextPacketSize(SocketType type) throws Exception {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertClosedByInterrupt(pair.second(), () -> type.nextPacketSize(pair.second()));
        }
    }

    @Test
    void accept() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            assertClosedByInterrupt(listener, listener::accept);
        }
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            assertClosedBeforehand(listener, listener::accept);
        }
        // The second of two waits for the first, not in the kernel.
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                Background<?> first = Background.blocked(listener::accept)) {
            assertClosedByInterrupt(listener, listener::accept);
            assertThat(first.failure()).isInstanceOf(java.nio.channels.AsynchronousCloseException.class);
        }
    }

    private static void assertClosedByInterrupt(Channel channel, Callable<?> operation) throws Exception {
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        try (Background<?> waiting = Background.blocked(() -> {
            try {
                return operation.call();
            } finally {
                stillInterrupted.set(Thread.currentThread().isInterrupted());
            }
        })) {
            waiting.thread().interrupt();
            assertThat(waiting.failure()).isInstanceOf(ClosedByInterruptException.class);
        }
        assertThat(stillInterrupted).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    private static void assertClosedBeforehand(Channel channel, Callable<?> operation) throws Exception {
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        try (Background<?> waiting = Background.run(() -> {
            Thread.currentThread().interrupt();
            try {
                return operation.call();
            } finally {
                stillInterrupted.set(Thread.currentThread().isInterrupted());
            }
        })) {
            assertThat(waiting.failure()).isInstanceOf(ClosedByInterruptException.class);
        }
        assertThat(stillInterrupted).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }
}
