package dev.fdpass.tube;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Messages of one type as bytes and numbered descriptors. Implementations are safe for use by several threads.
 *
 * @param <T> the type
 */
public interface MessageFormat<T> {
    /**
     * Writes a message.
     *
     * @param message the message
     * @param to where its bytes go
     * @param fds where its descriptors go; they stay the sender's
     * @throws IllegalArgumentException if it cannot be written
     * @throws IOException if {@code to} throws it
     */
    void encode(T message, OutputStream to, FdSink fds) throws IOException;

    /**
     * Reads a message. Whatever is thrown, the descriptors are closed by whoever called.
     *
     * @param bytes its bytes, a buffer on the heap whose {@link ByteBuffer#array() array} is accessible
     * @param fds its descriptors, each to be taken once, and to be found in the message: in records, lists, sets, arrays,
     *     values of maps and optionals
     * @return the message
     * @throws UnknownMessageException if its name is not known
     * @throws MessageException if the bytes are no message of this type
     * @throws IOException if a descriptor cannot be looked at
     */
    T decode(ByteBuffer bytes, FdSource fds) throws IOException;
}
