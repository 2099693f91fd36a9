package dev.fdpass.examples.sharedring.ring;

import java.io.IOException;

/** The peer does not keep to the rules of the ring: it wrote what cannot be. The ring is of no use any more. */
public final class RingException extends IOException {
    private static final long serialVersionUID = 1;

    RingException(String message) {
        super(message);
    }
}
