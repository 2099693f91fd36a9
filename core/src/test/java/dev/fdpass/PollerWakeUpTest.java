package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Background;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an await ends when nothing is ready. */
class PollerWakeUpTest {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @Test
    void aThreadThatAwaitsIsWokenUp() throws Exception {
        try (Poller<String> poller = Poller.open()) {
            for (int i = 0; i < 3; i++) {
                try (Background<Integer> awaiting = Background.blocked(poller::await)) {
                    poller.wakeUp();
                    assertThat(awaiting.get()).isZero();
                }
            }
        }
    }

    @Test
    void anAwaitThatComesLaterReturnsAtOnceButOnlyOne() throws IOException {
        try (Poller<String> poller = Poller.open()) {
            poller.wakeUp();
            poller.wakeUp();
            assertThat(poller.await()).isZero();
            long before = System.nanoTime();
            assertThat(poller.await(Duration.ofMillis(50))).isZero();
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000);
        }
    }

    @Test
    void whatIsReadyIsReportedAllTheSame() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            poller.register(event, Interest.READ, "event");
            poller.wakeUp();
            assertThat(poller.await()).isEqualTo(1);
            event.read();
            assertThat(poller.await(Duration.ofMillis(20))).isZero();
        }
    }

    @Test
    void noWakeUpIsLostHoweverOftenItIsDone() throws Exception {
        try (Poller<String> poller = Poller.open()) {
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger answered = new AtomicInteger();
            int rounds = 20_000;
            try (Background<Void> loop = Background.run(() -> {
                while (answered.get() < rounds) {
                    poller.await();
                    answered.set(asked.get());
                }
                return null;
            })) {
                for (int i = 1; i <= rounds; i++) {
                    asked.set(i);
                    poller.wakeUp();
                    long begin = System.nanoTime();
                    while (i % 3 == 0 && answered.get() < i) {
                        long waited = System.nanoTime() - begin;
                        assertThat(waited).as("still not woken up").isLessThan(PATIENCE_NANOS);
                        if (waited < 100_000) {
                            Thread.onSpinWait(); // so that the next one meets the loop on its way back
                        } else {
                            LockSupport.parkNanos(1_000); // of virtual threads there may be a carrier for one alone
                        }
                    }
                }
                loop.get();
            }
        }
    }

    @Test
    void itAwaitsUntilTheTimeIsOver() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            poller.register(event, Interest.READ, "event");
            for (Duration timeout : new Duration[] {Duration.ofNanos(1), Duration.ofMillis(1), Duration.ofMillis(40)}) {
                long before = System.nanoTime();
                assertThat(poller.await(timeout)).isZero();
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(timeout, Duration.ofSeconds(20));
            }
        }
    }

    @Test
    void aTimeoutShorterThanAMillisecondIsNotRoundedUpToOne() throws Exception {
        try (Poller<String> poller = Poller.open()) {
            assertThat(shortestOf(200, () -> poller.await(Duration.ofNanos(50_000))))
                    .isBetween(50_000L, 999_999L);
        }
    }

    /** Zero is as long as it takes, as everywhere in this library. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void zeroAndVeryLongAreForever(long seconds) throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            poller.register(event, Interest.READ, "event");
            try (Background<Integer> awaiting = Background.blocked(() -> poller.await(Duration.ofSeconds(seconds)))) {
                event.write(1);
                assertThat(awaiting.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void aNegativeTimeoutIsRefused() throws IOException {
        try (Poller<String> poller = Poller.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> poller.await(Duration.ofMillis(-1)))
                    .withMessageContaining("PT-0.001S");
        }
    }

    @Test
    void aTryDoesNotWait() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            poller.register(event, Interest.READ, "event");
            assertThat(shortestOf(100, poller::tryAwait)).isLessThan(1_000_000);
        }
    }

    /** How many nanoseconds the shortest of so many takes, and of more if none takes less than a millisecond: others work, too. */
    private static long shortestOf(int times, Callable<Integer> await) throws Exception {
        long begin = System.nanoTime();
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < times || (shortest >= 1_000_000 && System.nanoTime() - begin < PATIENCE_NANOS); i++) {
            long before = System.nanoTime();
            assertThat(await.call()).isZero();
            shortest = Math.min(shortest, System.nanoTime() - before);
        }
        return shortest;
    }
}
