package dev.fdpass.systemd;

import dev.fdpass.Interest;
import dev.fdpass.OwnedFd;
import dev.fdpass.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Waits until a pipe has no more writers. */
final class Barrier {
    private Barrier() {}

    /** Gives whether that was so in time. */
    static boolean await(OwnedFd readEnd, Deadline deadline) throws IOException {
        ByteBuffer unexpected = ByteBuffer.allocate(64);
        try (Poller<OwnedFd> poller = Poller.open(1)) {
            poller.register(readEnd, Interest.READ, readEnd);
            while (!deadline.isOver()) {
                // Who has the other end could also write, which is no answer.
                if (poller.await(deadline.timeout()) > 0 && readEnd.read(unexpected.clear()) < 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
