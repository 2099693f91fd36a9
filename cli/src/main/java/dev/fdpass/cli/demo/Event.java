package dev.fdpass.cli.demo;

import dev.fdpass.EventFd;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;

/** An eventfd, which the peer rings. All eventfds share one inode; what is counted in one proves that it is this one. */
final class Event implements Exhibit {
    private static final long RINGS = 42;

    @Override
    public String name() {
        return "eventfd";
    }

    @Override
    public Proof pass(Peer peer) throws IOException {
        try (EventFd event = EventFd.create()) {
            peer.pass(name(), event.asFd());
            FdInfo sent = event.asFd().info();
            Report report = peer.report(sent);
            long rings = event.read(Conversation.PATIENCE);
            NotProvedException.unlessEqual("the counter", RINGS, rings);
            return peer.proof(sent, report, "the peer added " + report.seen() + ", and " + rings + " were read here");
        }
    }

    @Override
    public String use(OwnedFd received, Conversation sender) throws IOException {
        EventFd.adopt(received).write(RINGS);
        return Long.toString(RINGS);
    }
}
