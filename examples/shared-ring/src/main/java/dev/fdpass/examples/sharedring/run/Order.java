package dev.fdpass.examples.sharedring.run;

import dev.fdpass.UnixStream;
import dev.fdpass.examples.sharedring.ring.RingOffer;
import dev.fdpass.tube.Tube;
import java.time.Duration;

/** What the measuring process wants of the other one. Each is answered with a {@link Report}. */
sealed interface Order {
    /**
     * Wants rings through a tube, one in each direction. Answered before they are made.
     *
     * @param contender for later orders
     * @param tube of which the other end stays
     * @param capacity bytes of each ring
     * @param spin how long to look before sleeping
     */
    record OpenRing(Contender contender, Tube<RingOffer, RingOffer> tube, int capacity, Duration spin)
            implements Order {}

    /**
     * Wants a socket to be used.
     *
     * @param contender for later orders
     * @param socket of which the other end stays
     * @param spin how long a receive tries before it sleeps
     */
    record OpenSocket(Contender contender, UnixStream socket, Duration spin) implements Order {}

    /** Wants messages to be received, and then one of the least size to be sent. Answered before the first. */
    record Receive(Contender contender, int size, int count) implements Order {}

    /** Wants messages to be received and each to be sent back. Answered before the first. */
    record Echo(Contender contender, int size, int count) implements Order {}
}
