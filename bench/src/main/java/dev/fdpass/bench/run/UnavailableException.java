package dev.fdpass.bench.run;

/** A contender is missing on this machine; the message says why. */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message why
     */
    public UnavailableException(String message) {
        super(message);
    }
}
