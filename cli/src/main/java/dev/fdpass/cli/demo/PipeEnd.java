package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.FdPipe;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** The end of a pipe into which one writes: the peer does, and the sender reads it at the other end. */
final class PipeEnd implements Exhibit {
    @Override
    public String name() {
        return "pipe end";
    }

    @Override
    @SuppressWarnings("try") // closed early on purpose
    public Proof pass(Peer peer) throws IOException {
        try (FdPipe pipe = FdPipe.open()) {
            peer.pass(name(), pipe.writeEnd());
            FdInfo sent = pipe.writeEnd().info();
            Report report = peer.report(sent);
            pipe.writeEnd().close();
            // This comes to an end only when no process has the end for writing open any more.
            byte[] bytes = Channels.newInputStream(pipe.readEnd()).readAllBytes();
            String text = new String(bytes, StandardCharsets.UTF_8);
            NotProvedException.unlessEqual("what came out of the pipe", report.seen(), text);
            return peer.proof(sent, report, "same inode; \"" + text + "\" came out of the other end");
        }
    }

    @Override
    public String use(OwnedFd received, Conversation sender) throws IOException {
        String text = "written by process " + ProcessHandle.current().pid();
        received.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return text;
    }
}
