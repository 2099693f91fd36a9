package dev.fdpass.bench.run;

import java.io.IOException;

/**
 * Two connected sockets. A receive checks how many bytes and descriptors came and closes the descriptors. One thread may be
 * at each end.
 */
public interface Ends extends AutoCloseable {
    /** Sends a message from the near end. */
    void send() throws IOException;

    /** Receives a message at the far end. */
    void receive() throws IOException;

    /** Sends a message from the far end; only for {@link Work.Flow#PING_PONG}. */
    default void sendBack() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Receives a message at the near end; only for {@link Work.Flow#PING_PONG}. */
    default void receiveBack() throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * See {@link Lane#stop}.
     *
     * @throws IOException if it cannot
     */
    void stop() throws IOException;

    @Override
    void close() throws IOException;

    /**
     * Checks what was received.
     *
     * @param work what was to come
     * @param bytes that came
     * @param fds that came
     */
    static void check(Work work, long bytes, int fds) {
        if (bytes != work.bytes() || fds != work.fds()) {
            throw new IllegalStateException(work + ": " + bytes + " bytes and " + fds + " descriptors came");
        }
    }
}
