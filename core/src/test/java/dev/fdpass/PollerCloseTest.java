package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The end of a {@link Poller}. */
@SuppressWarnings("try") // closing is what is tested
class PollerCloseTest {
    @Test
    void closingWakesTheThreadThatAwaits() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            Registration<String> registration = poller.register(event, Interest.READ, "event");
            try (Background<Integer> awaiting = Background.blocked(poller::await)) {
                poller.close();
                assertThat(awaiting.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            }
            assertThat(poller.isOpen()).isFalse();
            assertThat(registration.isValid()).isFalse();
            assertThat(event.isOpen()).isTrue();
        }
    }

    @Test
    void aClosedOneSaysSo() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1);
                EventFd other = EventFd.create(1)) {
            Registration<String> registration = poller.register(event, Interest.READ, "event");
            assertThat(poller.await()).isEqualTo(1);
            assertThat(registration.isReadable()).isTrue();
            assertThat(poller.toString()).matches("Poller\\[fd \\d+]");
            poller.close();
            poller.close();
            poller.wakeUp();
            assertThat(poller.toString()).matches("Poller\\[fd \\d+, closed]");
            assertThat(registration.isReadable()).isFalse();
            assertThatThrownBy(poller::await).isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(poller::tryAwait).isExactlyInstanceOf(ClosedChannelException.class);
            for (Interest interest : Interest.values()) {
                assertThatThrownBy(() -> poller.register(other, interest, "late"))
                        .isExactlyInstanceOf(ClosedChannelException.class);
            }
            assertThatThrownBy(() -> registration.setInterest(Interest.WRITE))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            registration.cancel();
            event.close();
        }
    }

    /** As with every channel, and unlike a {@link java.nio.channels.Selector}, which goes on and spins. */
    @Test
    void anInterruptClosesThePollerAndNothingElse() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            Registration<String> registration = poller.register(event, Interest.READ, "event");
            AtomicBoolean status = new AtomicBoolean();
            try (Background<Integer> awaiting = Background.blocked(() -> {
                try {
                    return poller.await();
                } finally {
                    status.set(Thread.currentThread().isInterrupted());
                }
            })) {
                awaiting.thread().interrupt();
                assertThat(awaiting.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
            }
            assertThat(status).isTrue();
            assertThat(poller.isOpen()).isFalse();
            assertThat(registration.isValid()).isFalse();
            assertThat(event.isOpen()).isTrue();
            try (Poller<String> another = Poller.open()) {
                event.write(1);
                another.register(event, Interest.READ, "event");
                assertThat(another.await()).isEqualTo(1);
            }
        }
    }

    @Test
    void whoIsInterruptedAlreadyDoesNotEvenBeginToWait() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            poller.register(event, Interest.READ, "event");
            try (Background<Integer> awaiting = Background.run(() -> {
                Thread.currentThread().interrupt();
                assertThat(poller.tryAwait()).as("a try does not wait").isEqualTo(1);
                return poller.await();
            })) {
                assertThat(awaiting.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
            }
            assertThat(poller.isOpen()).isFalse();
        }
    }

    @Test
    void onlyOneThreadAwaits() throws Exception {
        try (Poller<String> poller = Poller.open()) {
            try (Background<Integer> awaiting = Background.blocked(poller::await)) {
                assertThatThrownBy(() -> poller.await(Duration.ofMillis(1)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("another thread awaits");
                assertThatThrownBy(poller::tryAwait).isInstanceOf(IllegalStateException.class);
                assertThat(awaiting.isDone()).isFalse();
                poller.wakeUp();
                assertThat(awaiting.get()).isZero();
            }
            assertThat(poller.tryAwait()).as("one after the other").isZero();
        }
    }
}
