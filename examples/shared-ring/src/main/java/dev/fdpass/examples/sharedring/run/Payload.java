package dev.fdpass.examples.sharedring.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Bytes that show whether they arrived. Each KiB begins with a number that is another one in every message and every place; the
 * rest is the same in both processes and at random. The receiver checks all numbers, and one KiB of each message in full: so a
 * message that is lost, late, mixed with another or shifted is noticed, for little time.
 */
final class Payload {
    /** Sizes are multiples of this. */
    static final int UNIT = Long.BYTES;

    static final int MOST_BYTES = 1 << 20;

    private static final int BLOCK = 1024;
    private static final long SEED = 42;

    private final MemorySegment pattern;

    Payload(Arena arena) {
        pattern = arena.allocate(MOST_BYTES, Long.BYTES);
        SplittableRandom random = new SplittableRandom(SEED);
        for (long offset = 0; offset < MOST_BYTES; offset += Long.BYTES) {
            pattern.set(ValueLayout.JAVA_LONG, offset, random.nextLong());
        }
    }

    /** A message, to be stamped each time it is sent. */
    MemorySegment message(Arena arena, int size) {
        return arena.allocate(size, Long.BYTES).copyFrom(pattern.asSlice(0, size));
    }

    static void stamp(MemorySegment message, long sequence) {
        for (long offset = 0; offset < message.byteSize(); offset += BLOCK) {
            message.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, stampOf(sequence, offset));
        }
    }

    void check(MemorySegment message, long sequence) throws IOException {
        long size = message.byteSize();
        for (long offset = 0; offset < size; offset += BLOCK) {
            long stamp = message.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
            if (stamp != stampOf(sequence, offset)) {
                throw new IOException("message " + sequence + " of " + size + " bytes has " + stamp + " at byte "
                        + offset + " where " + stampOf(sequence, offset) + " was sent");
            }
        }
        long blocks = (size + BLOCK - 1) / BLOCK;
        long from = sequence % blocks * BLOCK + Long.BYTES;
        long to = Math.min(from - Long.BYTES + BLOCK, size);
        long wrong = MemorySegment.mismatch(message, from, to, pattern, from, to);
        if (wrong >= 0) {
            throw new IOException("message " + sequence + " of " + size + " bytes is wrong at byte " + (from + wrong));
        }
    }

    private static long stampOf(long sequence, long offset) {
        return (sequence << Integer.SIZE) + offset;
    }
}
