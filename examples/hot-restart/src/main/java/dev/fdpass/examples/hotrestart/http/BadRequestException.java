package dev.fdpass.examples.hotrestart.http;

/** A request that is answered with an error, after which the connection is closed: where the next one begins is unknown. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    BadRequestException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** {@return the status code, 400 to 599} */
    public int status() {
        return status;
    }

    /** {@return what the client is told} */
    public Response response() {
        return Response.text(status, getMessage() + "\n");
    }
}
