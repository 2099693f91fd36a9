package dev.fdpass.frame;

import java.net.ProtocolException;

/**
 * The peer did not keep to the protocol or to the {@linkplain FrameLimits limits}, or a frame was left half sent. The message
 * says which limit it is and what came.
 *
 * <p>If it is thrown by a receive on a connection, that connection is cut: the socket is closed, and all descriptors that came
 * and that no frame has been given are closed with it. Anybody may send to a datagram socket, so there only the packet is
 * dropped, with its descriptors, and the next receive goes on.
 */
public final class FrameException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    /** What it is about. */
    public enum Reason {
        /** A frame has more bytes than the limits allow. */
        TOO_MANY_BYTES,
        /** A frame has more descriptors than the limits allow, or more of them wait for a frame that they belong to. */
        TOO_MANY_FDS,
        /** A frame stayed unfinished for longer than the limits allow. */
        UNFINISHED,
        /** The bytes cannot be a frame. */
        MALFORMED,
        /** Fewer or more descriptors came than the frame says that it has. */
        FD_COUNT,
        /**
         * Descriptors were lost on the way (see {@link dev.fdpass.Received#isControlTruncated}): from here on they could not
         * be matched to frames.
         */
        FDS_LOST,
        /** The stream ended in the middle of a frame, or behind descriptors that no frame claimed. */
        ENDED_IN_FRAME,
        /** A frame was sent in part, and not to its end; to send another one now would send it into the middle of that. */
        HALF_SENT
    }

    /** What it is about. */
    private final Reason reason;

    FrameException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@return what it is about} */
    public Reason reason() {
        return reason;
    }
}
