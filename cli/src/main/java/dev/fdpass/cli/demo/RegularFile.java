package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file on a disk, which both processes read with one and the same offset. */
final class RegularFile implements Exhibit {
    private static final String MINE = "read by the sender, ";
    private static final String YOURS = "then by the other";
    private static final String REST = ", and the rest by nobody";

    @Override
    public String name() {
        return "regular file";
    }

    @Override
    public Proof pass(Peer peer) throws IOException {
        Path path = Files.createTempFile("fdpass-demo-", ".txt");
        try (OwnedFd file = OwnedFd.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            file.write(ByteBuffer.wrap((MINE + YOURS + REST).getBytes(StandardCharsets.UTF_8)));
            file.position(0);
            NotProvedException.unlessEqual("what stands at the beginning", MINE, read(file, MINE.length()));
            peer.pass(name(), file);
            FdInfo sent = file.info();
            Report report = peer.report(sent);
            NotProvedException.unlessEqual("what the other process read", MINE.length() + ":" + YOURS, report.seen());
            NotProvedException.unlessEqual(
                    "the offset afterwards", (long) MINE.length() + YOURS.length(), file.position());
            return peer.proof(
                    sent,
                    report,
                    "same inode " + sent.inode() + "; the peer read on at byte " + MINE.length()
                            + ", and the offset here moved to " + file.position());
        } finally {
            Files.deleteIfExists(path); // if it could not even be opened
        }
    }

    @Override
    public String use(OwnedFd received, Conversation sender) throws IOException {
        return received.position() + ":" + read(received, YOURS.length());
    }

    private static String read(OwnedFd file, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.read(bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
