package dev.fdpass.frame;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Our own header: {@code 'F' 'd'}, version 1, 0; number of bytes; number of descriptors; both of four bytes, little-endian, as
 * the buffers are that they stand in.
 */
final class LengthHeader implements FrameParser {
    static final int BYTES = 12;

    /** {@code 'F' 'd' 1 0}. */
    private static final int MAGIC = 0x00_01_64_46;

    private static final int LENGTH = 4;
    private static final int FDS = 8;

    private final FrameLimits limits;
    private int length = -1;
    private int fds;
    private boolean hasBegun;

    LengthHeader(FrameLimits limits) {
        this.limits = limits;
    }

    static void write(ByteBuffer to, int at, int length, int fds) {
        to.putInt(at, MAGIC);
        to.putInt(at + LENGTH, length);
        to.putInt(at + FDS, fds);
    }

    @Override
    public int find(ByteBuffer bytes, int start, int end) throws FrameException {
        if (length < 0) {
            hasBegun = end > start;
            if (end - start < BYTES) {
                checkBeginning(bytes, start, end);
                return INCOMPLETE;
            }
            read(bytes, start);
        }
        return end - start >= BYTES + length ? BYTES + length : INCOMPLETE;
    }

    /** A peer that speaks something else is told so at once, and not when it has said enough of it. */
    private static void checkBeginning(ByteBuffer bytes, int start, int end) throws FrameException {
        for (int i = start; i < Math.min(end, start + LENGTH); i++) {
            byte wanted = (byte) (MAGIC >> ((i - start) * 8));
            if (bytes.get(i) != wanted) {
                throw noHeader(String.format(Locale.ROOT, "byte %d is 0x%02x", i - start, bytes.get(i)));
            }
        }
    }

    private void read(ByteBuffer bytes, int start) throws FrameException {
        int magic = bytes.getInt(start);
        if (magic != MAGIC) {
            throw noHeader(String.format(Locale.ROOT, "it begins with 0x%08x", Integer.reverseBytes(magic)));
        }
        int bytesOfFrame = bytes.getInt(start + LENGTH);
        if (Integer.compareUnsigned(bytesOfFrame, limits.maxBytes()) > 0) {
            throw new FrameException(
                    FrameException.Reason.TOO_MANY_BYTES,
                    "a frame of " + Integer.toUnsignedString(bytesOfFrame) + " bytes; the limit is "
                            + limits.maxBytes());
        }
        int fdsOfFrame = bytes.getInt(start + FDS);
        if (Integer.compareUnsigned(fdsOfFrame, limits.maxFds()) > 0) {
            throw new FrameException(
                    FrameException.Reason.TOO_MANY_FDS,
                    "a frame with " + Integer.toUnsignedString(fdsOfFrame) + " descriptors; the limit is "
                            + limits.maxFds());
        }
        length = bytesOfFrame;
        fds = fdsOfFrame;
    }

    private static FrameException noHeader(String what) {
        return new FrameException(
                FrameException.Reason.MALFORMED,
                "what came is no frame with a length header of version 1: " + what
                        + ", where 0x46640100 was expected. Does the peer use the same framing?");
    }

    @Override
    public int contentStart() {
        return BYTES;
    }

    @Override
    public int contentEnd() {
        return BYTES + length;
    }

    @Override
    public int fds() {
        return fds;
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
        return hasBegun;
    }

    @Override
    public int announced() {
        return length < 0 ? BYTES : BYTES + length;
    }

    @Override
    public void reset() {
        length = -1;
        fds = 0;
        hasBegun = false;
    }
}
