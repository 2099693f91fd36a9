package dev.fdpass.tube;

import java.io.IOException;

/**
 * The peer has answered a request with a failure; the message is its reason. A handler of a {@link ReplyTube} throws it to answer
 * so.
 */
public final class RequestFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message the reason, which who asked is told; its first 16 KiB are sent
     */
    public RequestFailedException(String message) {
        super(message);
    }
}
