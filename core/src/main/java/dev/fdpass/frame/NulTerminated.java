package dev.fdpass.frame;

import java.nio.ByteBuffer;

/** Frames that end with a NUL. */
final class NulTerminated implements FrameParser {
    private final FrameLimits limits;
    /** Bytes without a NUL. */
    private int length;

    NulTerminated(FrameLimits limits) {
        this.limits = limits;
    }

    @Override
    public int find(ByteBuffer bytes, int start, int end) throws FrameException {
        int last = (int) Math.min(end, start + limits.maxBytes() + 1L);
        int i = start + length;
        while (i < last && bytes.get(i) != 0) {
            i++;
        }
        length = i - start;
        if (i < last) {
            return length + 1;
        }
        if (length > limits.maxBytes()) {
            throw new FrameException(
                    FrameException.Reason.TOO_MANY_BYTES,
                    "more than " + limits.maxBytes() + " bytes without a NUL at their end, which is the limit");
        }
        return INCOMPLETE;
    }

    @Override
    public int contentStart() {
        return 0;
    }

    @Override
    public int contentEnd() {
        return length;
    }

    @Override
    public int fds() {
        return ANY;
    }

    @Override
    public boolean isQueued() {
        return false;
    }

    @Override
    public boolean isFiller(byte b) {
        return false;
    }

    @Override
    public boolean hasBegun() {
        return length > 0;
    }

    @Override
    public int announced() {
        return 0;
    }

    @Override
    public void reset() {
        length = 0;
    }
}
