package dev.fdpass.frame;

import static dev.fdpass.fuzz.Inputs.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a parser makes of bytes, all at once and bit by bit, which must be the same. */
final class Piecewise {
    static final FrameLimits LIMITS = FrameLimits.DEFAULT.maxBytes(4096).maxFds(7);

    /**
     * What came of it.
     *
     * @param end of the frame, or {@link FrameParser#INCOMPLETE}
     * @param reason why it cannot be one, or empty
     */
    record Outcome(int end, int contentStart, int contentEnd, int fds, String reason) {}

    private Piecewise() {}

    static ByteBuffer buffer(byte[] input) {
        return ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The outcome of all at once, which is the same in pieces of any size, behind other bytes and after other frames. */
    static Outcome of(FrameParser parser, byte[] input) {
        Outcome whole = in(parser, input, 0, Math.max(1, input.length));
        parser.reset();
        for (int size : new int[] {1, 2, 3, 7}) {
            int before = size % 3;
            byte[] moved = new byte[before + input.length];
            System.arraycopy(input, 0, moved, before, input.length);
            Outcome pieces = in(parser, moved, before, size);
            parser.reset();
            check(pieces.equals(whole), "%s in pieces of %d, %s in one", pieces, size, whole);
        }
        return whole;
    }

    private static Outcome in(FrameParser parser, byte[] input, int start, int size) {
        ByteBuffer bytes = buffer(input);
        try {
            int end = FrameParser.INCOMPLETE;
            for (int there = start; end < 0 && there < input.length; ) {
                there = Math.min(input.length, there + size);
                end = parser.find(bytes, start, there);
                check(end <= there - start, "a frame of %d bytes, %d of which are there", end, there - start);
            }
            return end < 0
                    ? new Outcome(end, 0, 0, 0, "")
                    : new Outcome(end, parser.contentStart(), parser.contentEnd(), parser.fds(), "");
        } catch (FrameException e) {
            return new Outcome(FrameParser.INCOMPLETE, 0, 0, 0, e.reason().toString());
        }
    }
}
