package dev.fdpass.bench.run;

import java.io.IOException;

/** A launch has failed, and has said on standard error why. */
final class LaunchFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    LaunchFailedException(String message) {
        super(message);
    }
}
