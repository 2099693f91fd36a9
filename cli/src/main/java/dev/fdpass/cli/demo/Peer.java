package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;

/** The other process, as the sender sees it. */
final class Peer {
    private final Conversation conversation;

    Peer(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Passes a descriptor to the exhibit of that name over there. */
    void pass(String exhibit, OwnedFd fd) throws IOException {
        conversation.say(exhibit, fd);
    }

    void say(String text) throws IOException {
        conversation.say(text);
    }

    String hear() throws IOException {
        return conversation.hearText();
    }

    /** What the peer made of it; that it is the same file by its inode, where it has one, is checked here. */
    Report report(FdInfo sent) throws IOException {
        Report report = Report.decode(conversation.hearText());
        FdInfo arrived = report.info();
        NotProvedException.unlessEqual("the kind that arrived", sent.kind(), arrived.kind());
        NotProvedException.unlessEqual("the access mode that arrived", sent.access(), arrived.access());
        NotProvedException.unless(
                sent.kind() == FdInfo.Kind.EVENTFD || sent.isSameFile(arrived),
                "inode " + arrived.inode() + " arrived, not " + sent.inode());
        return report;
    }

    /** A proof, with both ends as people see them. */
    Proof proof(FdInfo sent, Report report, String text) {
        FdInfo arrived = report.info();
        return new Proof(
                "fd " + sent.number() + ", " + sent.access(), "fd " + arrived.number() + ", " + arrived.access(), text);
    }
}
