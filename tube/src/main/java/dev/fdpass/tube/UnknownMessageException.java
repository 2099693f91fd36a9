package dev.fdpass.tube;

/** A message has a name that is not known here, from a newer peer perhaps. Its descriptors are closed, and the tube goes on. */
public final class UnknownMessageException extends MessageException {
    private static final long serialVersionUID = 1L;

    /** The name that came. */
    private final String name;

    /**
     * For codecs.
     *
     * @param name the name that came
     * @param message what was expected instead, and where
     * @param cause what was thrown
     */
    public UnknownMessageException(String name, String message, Throwable cause) {
        super(message, cause);
        this.name = name;
    }

    /** {@return the name that came} */
    public String name() {
        return name;
    }
}
