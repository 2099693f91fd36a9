package dev.fdpass.tube;

import java.io.IOException;

/** The peer has answered a request with a failure; the message is its reason. */
public final class RequestFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    RequestFailedException(String message) {
        super(message);
    }
}
