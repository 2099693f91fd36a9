package dev.fdpass.examples.hotrestart.handover;

import java.io.IOException;

/** The other process sent what the protocol does not allow, or says that it cannot go on. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    ProtocolException(String message) {
        super(message);
    }
}
