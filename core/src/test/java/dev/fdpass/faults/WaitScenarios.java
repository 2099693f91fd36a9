package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Background;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Waiting, and closing while somebody waits. */
final class WaitScenarios {
    private WaitScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("receive until it times out", stage -> receiveTimesOut(stage, Duration.ofMillis(5)));
        all.put("receive until 4 s are over", stage -> receiveTimesOut(stage, Duration.ofSeconds(4)));
        all.put("first wait on a socket", WaitScenarios::firstWait);
        all.put("wait until somebody closes", WaitScenarios::waitUntilClosed);
        all.put("close while somebody waits", WaitScenarios::closeWhileSomebodyWaits);
        all.put("detach after a wait", WaitScenarios::detachAfterAWait);
    }

    private static void receiveTimesOut(Stage stage, Duration timeout) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        pair.second().setReceiveTimeout(timeout);
        stage.operation(() -> pair.second().receive(8, 2));
        stage.after(failed -> {
            pair.first().send(java.nio.ByteBuffer.allocate(2), fd);
            return Look.arrives(pair.second(), 2, 1);
        });
    }

    private static void firstWait(Stage stage) throws Exception {
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        stage.operation(() -> {
            pair.get().second().setReceiveTimeout(Duration.ofMillis(1));
            return pair.get().second().receive(8, 2);
        });
        stage.after(failed -> {
            pair.get().first().send(java.nio.ByteBuffer.allocate(2));
            return Look.arrives(pair.get().second(), 2, 0);
        });
    }

    private static void waitUntilClosed(Stage stage) throws Exception {
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        AtomicReference<Background<Void>> closer = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        stage.before(() -> {
            UnixSeqpacket socket = pair.get().second();
            over.set(false);
            closer.set(Background.run(() -> {
                while (!FaultyProgram.workerPolls() && !over.get()) {
                    Thread.sleep(1);
                }
                socket.close();
                return null;
            }));
        });
        stage.operation(() -> {
            try {
                return pair.get().second().receive(8, 2);
            } finally {
                over.set(true);
            }
        });
        stage.after(failed -> {
            closer.get().get();
            assertThat(pair.get().second().isOpen()).isFalse();
            return "";
        });
    }

    private static void closeWhileSomebodyWaits(Stage stage) throws Exception {
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        AtomicReference<Background<?>> waiting = new AtomicReference<>();
        stage.before(() -> {
            UnixSeqpacket socket = pair.get().second();
            waiting.set(Background.blocked(() -> socket.receive(8, 2)));
        });
        stage.operation(() -> {
            pair.get().second().close();
            return null;
        });
        stage.after(failed -> {
            assertThat(waiting.get().failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            return "";
        });
    }

    private static Supplier<UnixStream> waited(Stage stage) {
        Supplier<SocketPair<UnixStream>> pair = stage.fresh(UnixStream::pair);
        stage.before(() -> {
            pair.get().second().setReceiveTimeout(Duration.ofNanos(1));
            try {
                pair.get().second().receive(8, 2);
            } catch (java.net.SocketTimeoutException e) {
                // Now it has a wake-up descriptor.
            }
        });
        return () -> pair.get().second();
    }

    private static void detachAfterAWait(Stage stage) {
        Supplier<UnixStream> socket = waited(stage);
        AtomicReference<Integer> number = new AtomicReference<>();
        stage.operation(() -> {
            number.set(socket.get().asFd().detach());
            return null;
        });
        stage.after(failed -> {
            OwnedFd.adopt(number.get()).close();
            return "";
        });
    }
}
