package dev.fdpass.bench.soak;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Everything that is counted, by all threads together. */
final class Counts {
    /** Descriptors that went out: what senders say, and for killed ones what the messages say that arrived. */
    final LongAdder sent = new LongAdder();
    /** Descriptors that somebody took out of a message. */
    final LongAdder taken = new LongAdder();
    /** Descriptors that were left in a message, or read over as unexpected, and closed by the library. */
    final LongAdder closed = new LongAdder();
    /** Descriptors that were sent and did not come, for lack of room. */
    final LongAdder truncated = new LongAdder();

    /** As {@link #sent}, but counted message by message as they arrive. */
    final LongAdder announced = new LongAdder();

    final LongAdder messages = new LongAdder();
    final LongAdder payloadsTruncated = new LongAdder();
    final LongAdder identified = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder wouldBlock = new LongAdder();
    final LongAdder tooManyInFlight = new LongAdder();
    final LongAdder connections = new LongAdder();
    final LongAdder killed = new LongAdder();
    final LongAdder killedInMidSend = new LongAdder();

    /** Whether everything that always happens sooner or later has happened. */
    boolean hasEverything() {
        return Stream.of(sent, taken, closed, truncated, timeouts, wouldBlock, connections, killed)
                .allMatch(count -> count.sum() > 0);
    }

    void addAttempts(Ledger ledger) {
        timeouts.add(ledger.timeouts());
        wouldBlock.add(ledger.wouldBlock());
        tooManyInFlight.add(ledger.tooManyInFlight());
    }
}
