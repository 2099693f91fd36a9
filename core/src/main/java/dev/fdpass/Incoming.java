package dev.fdpass;

import java.io.IOException;

/** What {@link Exchange} receives into, in as many attempts as it takes: a message, or several. */
interface Incoming {
    /** Checks that there is where to receive to, and closes what the last receive left. */
    void prepareReceive(Exchange exchange);

    /** One attempt that does not wait: 0 or more, or the negated error number. What it brought has an owner then. */
    long tryReceive(int socket, Exchange exchange);

    /** Notes the result of a successful attempt: how many messages came, {@link Exchange#ENDED} if none will. */
    int came(long result, int socket, Exchange exchange) throws IOException;

    /** Notes that none will come. */
    void ended();

    /** The system call of an attempt, for exceptions. */
    String receiveCall();
}
