package dev.fdpass;

import java.io.IOException;

/**
 * A received descriptor was not what the receiver {@linkplain Expect expects}, or there were more or fewer of them. What
 * was rejected is closed, by a thread of its own: that can wait for its sender. The message says what was expected and what
 * came.
 */
public final class RejectedFdException extends IOException {
    private static final long serialVersionUID = 1L;

    RejectedFdException(String message) {
        super(message);
    }
}
