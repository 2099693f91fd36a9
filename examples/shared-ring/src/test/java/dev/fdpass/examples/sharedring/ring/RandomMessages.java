package dev.fdpass.examples.sharedring.ring;

import java.util.SplittableRandom;

/** Messages of all sizes, small ones as often as large ones: the same ones in both processes. */
final class RandomMessages {
    private final SplittableRandom random;
    private final int longest;

    RandomMessages(long seed, int longest) {
        random = new SplittableRandom(seed);
        this.longest = longest;
    }

    byte[] next() {
        byte[] message = new byte[nextLength()];
        random.nextBytes(message);
        return message;
    }

    private int nextLength() {
        if (random.nextInt(20) == 0) {
            return longest;
        }
        int bits = random.nextInt(32 - Integer.numberOfLeadingZeros(longest) + 1);
        return Math.min(random.nextInt(1 << bits), longest);
    }
}
