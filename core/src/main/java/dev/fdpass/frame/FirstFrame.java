package dev.fdpass.frame;

import dev.fdpass.frame.FrameException.Reason;
import java.nio.ByteBuffer;

/**
 * The first frame of what has come: where it ends, and which of the descriptors are its own. As nothing more is received while a
 * whole frame is there, those of the last receive belong to the frame that has its last byte, and all others to the first one.
 *
 * <p>Not thread-safe; the {@link FrameReceiver} that it belongs to sees to that.
 */
final class FirstFrame {
    private final FrameInput input;
    private final FrameLimits limits;
    private final FrameParser parser;
    private final boolean isStream;

    /** Bytes in all, once its end is found; -1 before. */
    private int bytes = -1;
    /** How many descriptors it has, once these are there too. */
    private int fds;

    private boolean isWhole;

    FirstFrame(FrameInput input, FrameParser parser, FrameLimits limits, boolean isStream) {
        this.input = input;
        this.parser = parser;
        this.limits = limits;
        this.isStream = isStream;
    }

    // ---- One that is there

    boolean isWhole() {
        return isWhole;
    }

    int contentBytes() {
        return isStream ? parser.contentEnd() - parser.contentStart() : input.available();
    }

    /** Copies the content to a buffer. */
    void copyContent(ByteBuffer to) {
        int from = input.start() + (isStream ? parser.contentStart() : 0);
        to.put(0, input.bytes(), from, contentBytes());
    }

    int fds() {
        return fds;
    }

    /** Bytes of it in all, as far as that is known before they are there; else 0. */
    int announced() {
        return parser.announced();
    }

    /** Is done with it; its descriptors must have been handed over. */
    void drop() {
        input.drop(isStream ? end() : input.end());
        reset();
    }

    /** Drops all bytes that are there. */
    void dropAll() {
        input.drop(input.end());
        reset();
    }

    private void reset() {
        parser.reset();
        bytes = -1;
        fds = 0;
        isWhole = false;
    }

    private int end() {
        return input.start() + bytes;
    }

    // ---- Finding it in a stream

    /** Whether it is there in full. */
    boolean find() throws FrameException {
        if (input.available() == 0) {
            checkPending();
            return false;
        }
        if (bytes < 0) {
            int found = parser.find(input.bytes(), input.start(), input.end());
            if (found < 0) {
                foundNone();
                return false;
            }
            bytes = found;
        }
        isWhole = parser.isQueued() ? findQueued() : findAttached();
        return isWhole;
    }

    private void foundNone() throws FrameException {
        if (!parser.hasBegun()) {
            dropAll(); // what stands between frames needs no memory
        }
        checkPending();
        if (!parser.isQueued() && input.fds() > limits.maxFds()) {
            throw tooManyFds(input.fds());
        }
    }

    private boolean findAttached() throws FrameException {
        int attached = input.fdsBefore(end());
        int announced = parser.fds();
        if (announced != FrameParser.ANY && attached != announced) {
            throw new FrameException(
                    Reason.FD_COUNT, attached + " descriptors came with a frame that says that it has " + announced);
        }
        if (attached > limits.maxFds()) {
            throw tooManyFds(attached);
        }
        fds = attached;
        return true;
    }

    private boolean findQueued() throws FrameException {
        checkPending();
        if (input.fds() >= parser.fds()) {
            fds = parser.fds();
            return true;
        }
        for (int i = end(); i < input.end(); i++) {
            if (!parser.isFiller(input.bytes().get(i))) {
                throw new FrameException(
                        Reason.FD_COUNT,
                        "a frame says that it has " + parser.fds() + " descriptors, and the next one began when "
                                + input.fds() + " had come");
            }
        }
        input.dropFrom(end()); // they brought what they were for
        return false;
    }

    private void checkPending() throws FrameException {
        if (input.fds() > limits.maxPendingFds()) {
            throw new FrameException(
                    Reason.TOO_MANY_FDS,
                    input.fds() + " descriptors came that belong to no frame that is there; the limit is "
                            + limits.maxPendingFds());
        }
    }

    // ---- Finding it in a packet, which it is

    /** The packet that has come is it. */
    void findPacket() throws FrameException {
        if (input.truncatedPacketBytes() >= 0) {
            throw new FrameException(
                    Reason.TOO_MANY_BYTES,
                    "a packet of " + input.truncatedPacketBytes() + " bytes; the limit is " + limits.maxBytes());
        }
        if (input.fds() > limits.maxFds()) {
            throw tooManyFds(input.fds());
        }
        fds = input.fds();
        isWhole = true;
    }

    private FrameException tooManyFds(int count) {
        return new FrameException(
                Reason.TOO_MANY_FDS, "a frame with " + count + " descriptors; the limit is " + limits.maxFds());
    }
}
