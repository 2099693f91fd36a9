package dev.fdpass.examples.sharedring.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.tube.Tube;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A message that is sent in just the moment in which the receiver goes to sleep. */
class NoWakeUpIsLostTest {
    private static final long SECONDS = Long.getLong("ring.race.seconds", 2);
    private static final long LONGEST_SLEEP_NANOS = 60_000_000_000L;
    private static final int LONGEST_DELAY = 300;
    /** Where both threads have one processor, each message takes a turn of it. */
    private static final int FEWEST = 100;

    private final AtomicInteger received = new AtomicInteger();

    @Test
    @SuppressWarnings("try") // closes the sender first, which ends the other thread
    void whoIsAboutToSleepIsWoken() throws Exception {
        int sent = 0;
        long unused = 0;
        try (var tubes = Tube.pair(RingOffer.class, RingOffer.class);
                var sender = RingSender.offer(tubes.first(), 4096);
                var receiver = RingReceiver.accept(tubes.second())) {
            Thread thread = Thread.ofPlatform().start(() -> receiveAll(receiver));
            SplittableRandom delays = new SplittableRandom(1);
            long end = System.nanoTime() + SECONDS * 1_000_000_000;
            while ((System.nanoTime() < end || sent <= FEWEST) && received.get() == sent) {
                unused += delay(delays);
                sender.send(MemorySegment.ofArray(new byte[1]));
                sent++;
                awaitReceived(sent);
            }
            if (received.get() != sent) {
                thread.interrupt(); // it sleeps for ever
            }
            sender.close();
            thread.join();
        }
        assertThat(unused).isNotZero();
        assertThat(sent).isGreaterThan(FEWEST);
        assertThat(received).hasValue(sent);
    }

    private void receiveAll(RingReceiver receiver) {
        receiver.setSpin(Duration.ZERO);
        SplittableRandom delays = new SplittableRandom(2);
        try {
            while (delay(delays) != 0 && receiver.receive(MemorySegment.ofArray(new byte[1])) != RingReceiver.END) {
                received.incrementAndGet();
            }
        } catch (IOException e) {
            // Interrupted: what was received says the rest.
        }
    }

    /** Takes up to some hundred nanoseconds, and gives a random number. */
    private static long delay(SplittableRandom delays) {
        long random = 0;
        for (int i = delays.nextInt(LONGEST_DELAY); i >= 0; i--) {
            random += delays.nextLong();
        }
        return random;
    }

    private void awaitReceived(int count) {
        long begin = System.nanoTime();
        while (received.get() < count && System.nanoTime() - begin < LONGEST_SLEEP_NANOS) {
            Thread.onSpinWait();
        }
    }
}
