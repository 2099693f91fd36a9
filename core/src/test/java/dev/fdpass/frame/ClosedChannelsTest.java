package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing, interrupting and timeouts, on both sides, with many threads. */
@SuppressWarnings("try") // what is closed early is what this is about
class ClosedChannelsTest {
    /** Runs on a platform or on a virtual thread. */
    private static void on(boolean virtual, Body body) throws Exception {
        if (!virtual) {
            body.run();
            return;
        }
        FutureTask<Integer> task = new FutureTask<>(() -> {
            body.run();
            return 1;
        });
        Thread.startVirtualThread(task);
        assertThat(task.get()).isEqualTo(1);
    }

    private interface Body {
        void run() throws Exception;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("L01: closing wakes all who receive, and all who send; what had come is closed")
    void closingWakes(boolean virtual) throws Exception {
        on(virtual, () -> {
            try (Memfds files = new Memfds(1);
                    SocketPair<UnixStream> pair = UnixStream.pair();
                    FramedChannel channel = FramedChannel.over(pair.second())) {
                pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 1), 0, 5), files.get(0));
                List<Background<Integer>> waiting = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    waiting.add(Background.blocked(() -> channel.receive().bytes()));
                    waiting.add(Background.blocked(() -> {
                        while (true) {
                            channel.send(ByteBuffer.allocate(100_000));
                        }
                    }));
                }
                channel.close();
                for (Background<Integer> each : waiting) {
                    assertThat(each.failure()).isInstanceOf(AsynchronousCloseException.class);
                    each.close();
                }
                assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::tryReceive);
                assertThatExceptionOfType(ClosedChannelException.class)
                        .isThrownBy(() -> channel.send(ByteBuffer.allocate(1)));
                channel.close();
                assertThat(channel.toString()).contains("closed");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("L03: interrupting who waits, or waits for its turn, closes the channel")
    void interrupting(boolean virtual) throws Exception {
        on(virtual, () -> {
            for (boolean second : new boolean[] {false, true}) {
                try (SocketPair<UnixStream> pair = UnixStream.pair();
                        FramedChannel channel = FramedChannel.over(pair.second());
                        Background<Integer> first =
                                Background.blocked(() -> channel.receive().bytes());
                        Background<Integer> other =
                                Background.blocked(() -> channel.receive().bytes())) {
                    (second ? other : first).thread().interrupt();
                    assertThat((second ? other : first).failure()).isInstanceOf(ClosedByInterruptException.class);
                    assertThat((second ? first : other).failure()).isInstanceOf(AsynchronousCloseException.class);
                    assertThat(channel.isOpen()).isFalse();
                }
            }
        });
    }

    @Test
    @DisplayName("L03: interrupting who waits also closes what had come")
    void interruptingClosesWhatHadCome() throws Exception {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second())) {
            int before = OpenFiles.count();
            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 2), 0, 5), files.first(2));
            try (Background<Integer> receiving =
                    Background.blocked(() -> channel.receive().bytes())) {
                receiving.thread().interrupt();
                assertThat(receiving.failure()).isInstanceOf(ClosedByInterruptException.class);
            }
            OpenFiles.awaitCount(before - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("L03: interrupting who sends, or waits for its turn to send, closes what had come too")
    void interruptingASenderClosesWhatHadCome(boolean second) throws Exception {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second())) {
            int before = OpenFiles.count();
            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 2), 0, 5), files.first(2));
            assertThat(channel.tryReceive()).isEmpty();
            OpenFiles.awaitCount(before + 2);
            Callable<Integer> sends = () -> {
                channel.send(ByteBuffer.allocate(1_000_000));
                return 1;
            };
            try (Background<Integer> first = Background.blocked(sends);
                    Background<Integer> other = Background.blocked(sends)) {
                (second ? other : first).thread().interrupt();
                assertThat((second ? other : first).failure()).isInstanceOf(ClosedByInterruptException.class);
                assertThat((second ? first : other).failure()).isInstanceOf(AsynchronousCloseException.class);
            }
            OpenFiles.awaitCount(before - 1);
        }
    }

    @Test
    @DisplayName("L01: who comes while the channel is being closed finds it closed")
    void aRaceWithClosing() throws Exception {
        for (int i = 0; i < 3000; i++) {
            try (SocketPair<UnixStream> pair = UnixStream.pair();
                    FramedChannel channel = FramedChannel.over(pair.second());
                    Background<Integer> receiving = Background.run(() -> {
                        while (true) {
                            assertThat(channel.tryReceive()).isEmpty();
                        }
                    })) {
                Thread.onSpinWait();
                channel.close();
                assertThat(receiving.failure()).isInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @Test
    void framesThatWereTakenAlongAreClosedWithTheChannel() throws Exception {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second())) {
            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 0)));
            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(2, 2)), files.first(2));
            channel.receive().close();
            channel.close();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::receive);
        }
    }

    @Test
    void aReceiveThatTimesOutLosesNothing() throws Exception {
        byte[] bytes = Wire.HEADER.frame(1, 2);
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second());
                FrameMessage message = FrameMessage.allocate(10)) {
            channel.setReceiveTimeout(Duration.ofMillis(20));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(channel::receive);
            for (int i = 0; i < bytes.length - 1; i++) {
                pair.first().send(ByteBuffer.wrap(bytes, i, 1), i == 0 ? files.first(2) : new AsFd[0]);
                long begin = System.nanoTime();
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> channel.receive(message))
                        .withMessageContaining("PT0.02S");
                assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
                assertThat(message.fdCount()).isZero();
            }
            pair.first().send(ByteBuffer.wrap(bytes, bytes.length - 1, 1));
            assertThat(channel.receive(message)).isTrue();
            assertThat(Wire.bytes(message.data())).isEqualTo(Wire.content(1, 2));
            assertThat(message.fdCount()).isEqualTo(2);
        }
    }

    @Test
    void aTimeoutIsToldAsItWasSet() throws Exception {
        byte[] bytes = Wire.HEADER.frame(1, 0);
        Duration timeout = Duration.ofMillis(50);
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second())) {
            left.setSendTimeout(timeout);
            right.setReceiveTimeout(timeout);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            left.send(ByteBuffer.allocate(100_000));
                        }
                    })
                    .withMessageContaining("within PT0.05S")
                    .withMessageContaining("a part of it has gone");
        }
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel right = FramedChannel.over(pair.second())) {
            right.setReceiveTimeout(timeout);
            for (int i = 0; i < 3; i++) {
                pair.first().send(ByteBuffer.wrap(bytes, i, 1));
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(right::receive)
                        .withMessageContaining("no frame came within PT0.05S;");
            }
        }
    }

    @Test
    void aMessageThatReceivedNothingIsReadyToSendWith() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(10)) {
            left.setReceiveTimeout(Duration.ofMillis(1));
            assertThat(left.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
            assertThat(message.bytes()).isZero();
            message.data().putInt(42);
            message.addFd(bell);
            left.send(message);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> left.receive(message));
            message.data().putInt(43);
            left.send(message);
            for (int i = 0; i < 2; i++) {
                try (Frame frame = right.receive()) {
                    assertThat(frame.data().getInt()).isEqualTo(42 + i);
                    assertThat(frame.fdCount()).isEqualTo(1 - i);
                }
            }
        }
    }

    @Test
    void theEndDoesNotComeInTheMiddleOfAFrame() throws Exception {
        int large = 1_000_000;
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second());
                Background<Integer> sending = Background.blocked(() -> {
                    left.send(ByteBuffer.allocate(large));
                    return large;
                })) {
            left.setSendTimeout(Duration.ofMillis(20));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(left::shutdownOutput);
            left.setSendTimeout(Duration.ZERO);
            try (Background<Boolean> ending = Background.blocked(() -> {
                left.shutdownOutput();
                return true;
            })) {
                try (Frame frame = right.receive()) {
                    assertThat(frame.bytes()).isEqualTo(large);
                }
                try (Frame end = right.receive()) {
                    assertThat(end.isEndOfStream()).isTrue();
                }
                assertThat(sending.get()).isEqualTo(large);
                assertThat(ending.get()).isTrue();
            }
        }
    }

    @Test
    void aTimeoutIsOfTheWholeReceiveAndNotOfEachByte() throws Exception {
        byte[] content = Wire.content(1, 0, 500);
        byte[] bytes = Wire.HEADER.frame(content, 0);
        CountDownLatch isOver = new CountDownLatch(1);
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second());
                Background<Integer> slow = Background.run(() -> {
                    int sent = 0;
                    while (sent < bytes.length && !isOver.await(40, TimeUnit.MILLISECONDS)) {
                        peer.send(ByteBuffer.wrap(bytes, sent++, 1));
                    }
                    return sent;
                })) {
            channel.setReceiveTimeout(Duration.ofMillis(300));
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(channel::receive);
            isOver.countDown();
            int sent = slow.get();
            assertThat(sent)
                    .as("bytes that came meanwhile, of %d", bytes.length)
                    .isLessThan(bytes.length);
            peer.send(ByteBuffer.wrap(bytes, sent, bytes.length - sent));
            channel.setReceiveTimeout(Duration.ofSeconds(60));
            try (Frame frame = channel.receive()) {
                assertThat(Wire.bytes(frame.data())).isEqualTo(content);
            }
        }
    }

    @Test
    void waitingForAnotherThreadCountsToo() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second());
                Background<Integer> first = Background.blocked(() -> {
                    try (Frame frame = channel.receive()) {
                        return frame.bytes();
                    }
                })) {
            Duration timeout = Duration.ofSeconds(4);
            channel.setReceiveTimeout(timeout);
            try (Background<Long> second = Background.run(() -> {
                long start = System.nanoTime();
                assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(channel::receive);
                long end = System.nanoTime();
                assertThat(end - start).isGreaterThanOrEqualTo(timeout.toNanos());
                return end;
            })) {
                Thread.sleep(3000);
                long turn = System.nanoTime();
                pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 0)));
                assertThat(first.get()).isPositive();
                // If the wait for the turn did not count, there would be the whole timeout from here.
                assertThat(Duration.ofNanos(second.get() - turn)).isLessThan(timeout);
            }
        }
    }

    @Test
    void manySendersAndManyReceiversLoseAndMixNothing() throws Exception {
        int each = 500;
        int threads = 3;
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second())) {
            List<Background<Integer>> senders = new ArrayList<>();
            List<Background<Long>> receivers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int base = t * each;
                senders.add(Background.run(() -> {
                    for (int i = base; i < base + each; i++) {
                        try (EventFd number = EventFd.create(i + 1)) {
                            left.send(ByteBuffer.allocate(4).putInt(0, i), number);
                        }
                    }
                    return each;
                }));
                receivers.add(Background.run(() -> {
                    long sum = 0;
                    for (int i = 0; i < each; i++) {
                        try (Frame frame = right.receive();
                                EventFd number = EventFd.adopt(frame.takeFd(0))) {
                            int n = frame.data().getInt();
                            assertThat(number.read()).isEqualTo(n + 1);
                            sum += n;
                        }
                    }
                    return sum;
                }));
            }
            long sum = 0;
            for (int t = 0; t < threads; t++) {
                assertThat(senders.get(t).get()).isEqualTo(each);
                sum += receivers.get(t).get();
                senders.get(t).close();
                receivers.get(t).close();
            }
            long all = (long) threads * each;
            assertThat(sum).isEqualTo(all * (all - 1) / 2);
        }
    }

    @Test
    void anAttemptDoesNotWaitForAnotherThread() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second());
                FrameMessage message = FrameMessage.allocate(1);
                Background<Integer> waiting = Background.blocked(() -> {
                    try (Frame frame = channel.receive()) {
                        return frame.bytes();
                    }
                })) {
            assertThat(channel.tryReceive()).isEmpty();
            assertThat(channel.tryReceive(message)).isEqualTo(TryResult.WOULD_BLOCK);
            channel.setReceiveTimeout(Duration.ofMillis(10));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(channel::receive)
                    .withMessageContaining("another thread");
            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 0)));
            assertThat(waiting.get()).isEqualTo(Wire.content(1, 0).length);
        }
    }

    @Test
    void aMessageIsForOneThreadAndAClosedOneForNone() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel channel = FramedChannel.over(pair.second());
                EventFd bell = EventFd.create();
                FrameMessage message = FrameMessage.allocate(1);
                Background<Boolean> waiting = Background.blocked(() -> channel.receive(message))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> message.addFd(bell))
                    .withMessageContaining("another thread");
            message.close(); // when the receive has ended
            pair.first().send(ByteBuffer.wrap(Wire.HEADER.frame(1, 1)), bell);
            assertThat(waiting.get()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> message.takeFd(0))
                    .withMessageContaining("closed");
        }
    }

    @Test
    void aFrameGivesEachDescriptorOnceAndNoneWhenClosed() throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second())) {
            left.send(ByteBuffer.allocate(0), files.first(2));
            Frame frame = right.receive();
            frame.takeFd(1).close();
            assertThatIllegalStateException().isThrownBy(() -> frame.takeFd(1)).withMessageContaining("taken");
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> frame.takeFd(2));
            assertThat(frame.fdCount()).isEqualTo(2);
            frame.close();
            assertThatIllegalStateException().isThrownBy(() -> frame.takeFd(0)).withMessageContaining("closed");
            left.send(ByteBuffer.allocate(0));
            try (Frame none = right.receive()) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> none.takeFd(0));
                assertThat(none.takeFds()).isEmpty();
                assertThat(none.takeExactly()).isEmpty();
            }
        }
    }
}
