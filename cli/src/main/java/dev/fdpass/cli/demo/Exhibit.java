package dev.fdpass.cli.demo;

import dev.fdpass.OwnedFd;
import java.io.IOException;

/** One kind of open file, and what both processes do with it so that nobody can doubt that it is the same. */
interface Exhibit {
    /** What it is, for people; the sender also tells the peer by this what comes. */
    String name();

    /**
     * The sender's side: opens it, passes it, and checks what the peer reports.
     *
     * @param peer the other process
     * @return what was proved
     * @throws IOException if it was not
     */
    Proof pass(Peer peer) throws IOException;

    /**
     * The other side: uses what arrived.
     *
     * @param received what arrived
     * @param sender the process that sent it
     * @return what is to be reported
     * @throws IOException if it cannot be used
     */
    String use(OwnedFd received, Conversation sender) throws IOException;
}
