package dev.fdpass.cli;

import java.io.IOException;

/** Whoever read our standard output has gone. */
final class OutputClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    OutputClosedException(IOException cause) {
        super(cause);
    }
}
