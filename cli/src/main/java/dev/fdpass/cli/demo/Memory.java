package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.memory.VolatileSlice;
import java.io.IOException;
import java.lang.foreign.Arena;

/** Shared memory, in which each process sees what the other one writes. */
final class Memory implements Exhibit {
    private static final int SIZE = 4096;
    private static final long AT_FIRST = 1;
    private static final long BY_THE_PEER = 2;
    private static final long AT_LAST = 3;
    private static final String WRITTEN = "written";
    private static final String LOOK = "look";

    @Override
    public String name() {
        return "memfd";
    }

    @Override
    public Proof pass(Peer peer) throws IOException {
        try (SharedMemory memory = SharedMemory.create("fdpass-demo", SIZE);
                Arena arena = Arena.ofConfined()) {
            memory.addSeals(Seal.SHRINK, Seal.GROW);
            VolatileSlice slice = VolatileSlice.of(memory.map(arena));
            slice.setLongRelease(0, AT_FIRST);
            peer.pass(name(), memory.asFd());
            NotProvedException.unlessEqual("the answer", WRITTEN, peer.hear());
            NotProvedException.unlessEqual("what the peer wrote", BY_THE_PEER, slice.getLongAcquire(0));
            slice.setLongRelease(0, AT_LAST);
            peer.say(LOOK);
            FdInfo sent = memory.asFd().info();
            Report report = peer.report(sent);
            NotProvedException.unlessEqual("what the peer saw", AT_FIRST + " and " + AT_LAST, report.seen());
            return peer.proof(
                    sent,
                    report,
                    "same inode; the peer saw " + report.seen() + ", written here, and " + BY_THE_PEER
                            + " was seen here");
        }
    }

    @Override
    public String use(OwnedFd received, Conversation sender) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            VolatileSlice slice = VolatileSlice.of(SharedMemory.adopt(received).map(arena));
            long first = slice.getLongAcquire(0);
            slice.setLongRelease(0, BY_THE_PEER);
            sender.say(WRITTEN);
            NotProvedException.unlessEqual("the answer", LOOK, sender.hearText());
            return first + " and " + slice.getLongAcquire(0);
        }
    }
}
