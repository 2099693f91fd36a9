package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.fdpass.EventFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.Text;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A manager that does not get to what it is told. */
class QueueFullTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void aBarrierWaitsForRoomNoLongerThanItIsTold() throws Exception {
        try (NotifyReceiver receiver = full()) {
            NotifySocket manager = NotifySocket.of(receiver.localAddress());
            timesOut(() -> {
                manager.barrier(SHORT);
                return null;
            });
        }
    }

    @Test
    void aMessageWaitsForRoomNoLongerThanItIsTold() throws Exception {
        try (NotifyReceiver receiver = full();
                EventFd bell = EventFd.create()) {
            NotifySocket manager = NotifySocket.of(receiver.localAddress()).withSendTimeout(SHORT);
            timesOut(() -> {
                manager.watchdog();
                return null;
            });
            timesOut(() -> {
                manager.storeFds("bell", bell);
                return null;
            });
            timesOut(() -> {
                manager.barrier(Duration.ZERO);
                return null;
            });
            assertThat(Managers.next(receiver)).containsExactly(entry("STATUS", "again"));
            manager.watchdog();
        }
    }

    @Test
    void aTimeCannotBeNegative() {
        NotifySocket manager = NotifySocket.of(UnixAddress.of("@fdpass-nobody"));
        assertThatThrownBy(() -> manager.withSendTimeout(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give zero to wait as long as it takes");
    }

    /** Fails with a timeout, and does not last for ever. */
    private static void timesOut(Callable<Void> call) throws Exception {
        try (var told = Background.run(call)) {
            assertThat(told.failure())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("is full");
        }
    }

    private static NotifyReceiver full() throws Exception {
        NotifyReceiver receiver = NotifyReceiver.bind();
        try (UnixDatagram sender = UnixDatagram.open().connect(receiver.localAddress())) {
            int sent = 0;
            while (sender.trySend(Text.buffer("STATUS=again")).isPresent()) {
                sent++;
            }
            assertThat(sent).isPositive();
        } catch (Throwable t) {
            receiver.close();
            throw t;
        }
        return receiver;
    }
}
