package dev.fdpass.examples.sharedring.ring;

import java.io.IOException;

/** The peer is not there any more: it has closed its end, or ended without doing so. */
public final class PeerGoneException extends IOException {
    private static final long serialVersionUID = 1;

    PeerGoneException(String message) {
        super(message);
    }
}
