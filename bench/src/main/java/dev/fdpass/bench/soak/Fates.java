package dev.fdpass.bench.soak;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Decides what becomes of descriptors that arrived: left in the message, taken and closed, or taken and closed later by
 * another thread.
 */
final class Fates {
    private final SplittableRandom random;
    private final Counts counts;
    private final CloseLater later;

    Fates(SplittableRandom random, Counts counts, CloseLater later) {
        this.random = random;
        this.counts = counts;
        this.later = later;
    }

    Settled settle(int room, int arrived, boolean truncated, IntFunction<OwnedFd> take) throws IOException {
        int taken = howMany(arrived);
        int first = taken == arrived ? 0 : random.nextInt(arrived - taken + 1);
        int sampleAt = taken == 0 ? -1 : first + random.nextInt(taken);
        String sampleName = "";
        boolean keeps = random.nextInt(4) == 0;
        for (int i = first; i < first + taken; i++) {
            OwnedFd fd = take.apply(i);
            counts.taken.increment();
            boolean kept = false;
            try {
                if (i == sampleAt) {
                    sampleName = fd.info().name();
                }
                kept = keeps && later.offer(fd);
            } finally {
                if (!kept) {
                    fd.close();
                }
            }
        }
        counts.closed.add(arrived - taken);
        return new Settled(room, arrived, truncated, sampleAt, sampleName);
    }

    private int howMany(int arrived) {
        return switch (random.nextInt(8)) {
            case 0 -> arrived;
            case 1 -> random.nextInt(arrived + 1);
            case 2, 3, 4 -> Math.min(arrived, 1);
            default -> 0;
        };
    }
}
