package dev.fdpass.frame;

import java.nio.ByteBuffer;

/**
 * Finds the end of one frame after the other in bytes that come bit by bit; looks at each byte once. Offsets are counted from
 * the first byte of the frame. Not thread-safe.
 */
interface FrameParser {
    /** Instead of an end: it is not there yet. */
    int INCOMPLETE = -1;
    /** Instead of a number of descriptors: the bytes do not say. */
    int ANY = -1;

    /**
     * Looks for the end of the frame.
     *
     * @param bytes where it is
     * @param start index of its first byte
     * @param end index behind the last byte that is there
     * @return how many bytes it has in all, header and delimiter included, or {@link #INCOMPLETE}
     * @throws FrameException if these bytes cannot be a frame, or one that the limits allow
     */
    int find(ByteBuffer bytes, int start, int end) throws FrameException;

    /** Of a frame that was found: where its content begins. */
    int contentStart();

    /** Of a frame that was found: where its content ends. */
    int contentEnd();

    /** Of a frame that was found: how many descriptors it says that it has, or {@link #ANY}. */
    int fds();

    /** Whether a frame's descriptors are the next ones that came, rather than those attached to its bytes. */
    boolean isQueued();

    /** Whether more descriptors may follow behind the frame, with such a byte. */
    boolean isFiller(byte b);

    /** Whether the bytes that were looked at are the beginning of a frame, and not something between frames. */
    boolean hasBegun();

    /** Bytes of the frame in all, as far as that is known before they are there; else 0. */
    int announced();

    /** Begins with the next frame. */
    void reset();
}
