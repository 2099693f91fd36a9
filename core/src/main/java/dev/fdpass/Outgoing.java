package dev.fdpass;

import java.io.IOException;

/** What {@link Exchange} sends, in as many attempts as it takes: a message, or several. */
interface Outgoing {
    /** Checks that it can be sent, before anything is changed. */
    void prepareSend(Exchange exchange);

    /** One attempt that does not wait: a positive result, 0, or the negated error number. */
    long trySend(int socket);

    /** Notes the result of a successful attempt: true when that was all. */
    boolean sent(long result, Exchange exchange);

    /** Bytes of a message of which only a part has gone. */
    long sentBytes();

    /** What the error of an attempt means. */
    IOException sendError(long result, Exchange exchange);
}
