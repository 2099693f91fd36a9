package dev.fdpass.examples.hotrestart.service;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A connection that nobody serves at the moment: taken out of one service, not in another yet. Owns its socket.
 *
 * @param socket the connected socket
 * @param unread what was read of it and not answered, from position to limit; 0 to {@link #MAX_UNREAD} bytes
 */
public record Parcel(OwnedFd socket, ByteBuffer unread) implements AutoCloseable {
    /** Bytes that are read of a connection and not answered yet, at most. */
    public static final int MAX_UNREAD = 32 * 1024;

    /** Closes the connection, if nobody else has it. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket could not be closed", e); // not one that is connected
        }
    }
}
