package dev.fdpass.tube;

import java.net.ProtocolException;

/**
 * What came is a frame, but no message: the message says where in it, what was expected and what came. All descriptors that
 * came with it are closed. The tube itself is as it was: the next receive gets the next message.
 */
public sealed class MessageException extends ProtocolException permits UnknownMessageException {
    private static final long serialVersionUID = 1L;

    /**
     * For codecs.
     *
     * @param message what was expected, and what came
     */
    public MessageException(String message) {
        super(message);
    }

    /**
     * For codecs.
     *
     * @param message what was expected, and what came
     * @param cause what was thrown
     */
    @SuppressWarnings("this-escape") // into a method of Throwable
    public MessageException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
