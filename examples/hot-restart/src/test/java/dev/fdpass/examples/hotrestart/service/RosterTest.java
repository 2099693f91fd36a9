package dev.fdpass.examples.hotrestart.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Roster roster = new Roster(Parcel::close);

    @Test
    void theLimitBeginsWhenTheLastIsAsked() throws Exception {
        int members = 40;
        for (int i = 0; i < members; i++) {
            // To ask all takes longer than the limit, and each is a moment behind.
            roster.add(new SlowMember(LIMIT.dividedBy(30), () -> sleep(LIMIT.dividedBy(100))));
        }
        for (int i = 0; i < members; i++) {
            Optional<Parcel> parcel = roster.release(LIMIT);
            assertThat(parcel).as("connection %d", i).isPresent();
            parcel.get().close();
        }
        assertThat(roster.release(LIMIT)).isEmpty();
        assertThat(roster.size()).isZero();
    }

    @Test
    void whoDoesNotLeaveInTimeStays() throws Exception {
        CountDownLatch mayLeave = new CountDownLatch(1);
        roster.add(new SlowMember(Duration.ZERO, () -> await(mayLeave)));
        assertThat(roster.release(Duration.ofMillis(500))).isEmpty();
        assertThat(roster.size()).isEqualTo(1);
        mayLeave.countDown();
        try (Parcel late = roster.release(LIMIT.multipliedBy(20)).orElseThrow()) {
            assertThat(late.unread().hasRemaining()).isFalse();
        }
    }

    private final class SlowMember implements Roster.Member {
        private final Duration toAsk;
        private final Runnable beforeItLeaves;

        private SlowMember(Duration toAsk, Runnable beforeItLeaves) {
            this.toAsk = toAsk;
            this.beforeItLeaves = beforeItLeaves;
        }

        @Override
        public void askToLeave() {
            sleep(toAsk);
            Thread.ofPlatform().daemon().start(() -> {
                beforeItLeaves.run();
                roster.deliver(new Parcel(anyDescriptor(), ByteBuffer.allocate(0)));
                roster.remove(this);
            });
        }

        @Override
        public void askToStay() {}

        @Override
        public void close() {}
    }

    /** A roster does not look at what it passes on. */
    private static OwnedFd anyDescriptor() {
        try {
            return OwnedFd.open(Path.of("/dev/null"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
