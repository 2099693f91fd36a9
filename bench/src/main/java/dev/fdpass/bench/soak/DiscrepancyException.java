package dev.fdpass.bench.soak;

/** What came is not what was sent. Ends the soak. */
final class DiscrepancyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DiscrepancyException(String message) {
        super(message);
    }
}
