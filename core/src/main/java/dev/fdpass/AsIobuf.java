package dev.fdpass;

import java.lang.foreign.MemorySegment;

/**
 * Something that can stand in an {@code iovec} for the length of a call, such as a
 * {@link dev.fdpass.memory.VolatileSlice}.
 *
 * <p>Man page: {@code readv(2)}.
 */
public interface AsIobuf {
    /**
     * The memory that a message reads from or writes to.
     *
     * @return a contiguous segment; a native or mapped one travels without a copy
     */
    MemorySegment asIobuf();
}
