package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;
import static dev.fdpass.linux.SocketConstants.POLLOUT;

/** What a {@link Registration} waits for. */
public enum Interest {
    /** Nothing, not even a hang-up: the registration rests. */
    NONE(0),
    /** That there is something to receive, to accept or to read, or the end of it; {@code EPOLLIN}. */
    READ(POLLIN),
    /** That there is room to send or to write; {@code EPOLLOUT}. */
    WRITE(POLLOUT),
    /** Either; {@code EPOLLIN | EPOLLOUT}. */
    READ_WRITE(POLLIN | POLLOUT);

    private final int events;

    Interest(int events) {
        this.events = events;
    }

    int events() {
        return events;
    }
}
