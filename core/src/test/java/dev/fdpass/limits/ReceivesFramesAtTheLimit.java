package dev.fdpass.limits;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A program that receives a frame with four descriptors when it may have only two more. */
final class ReceivesFramesAtTheLimit {
    private static final int SENT = 4;
    private static final long PATIENCE_NANOS = 50_000_000_000L;

    private ReceivesFramesAtTheLimit() {}

    public static void main(String... arguments) throws Exception {
        Facts.of(() -> {
            new Memfds(1).close(); // the first look at a memory file takes one number more
            for (SocketType type : SocketType.values()) {
                receive(type);
            }
        });
    }

    private static void receive(SocketType type) throws IOException {
        try (Memfds files = new Memfds(SENT);
                SocketPair<? extends ScmSocket> pair = type.pair();
                FramedChannel left = FramedChannel.over(pair.first());
                FramedChannel right = FramedChannel.over(pair.second())) {
            left.send(ByteBuffer.allocate(1), files.first(SENT));
            left.send(ByteBuffer.allocate(2), files.first(SENT));
            try (Fillers fillers = new Fillers(2)) {
                try (Frame frame = right.receive()) {
                    Facts.say(type + ": " + frame.fdCount() + " came");
                } catch (FrameException e) {
                    // The socket's number is free too, once it was closed.
                    int expected = right.isOpen() ? 2 : 3;
                    int free = fillers.countFree();
                    long begin = System.nanoTime();
                    while (free != expected && System.nanoTime() - begin < PATIENCE_NANOS) {
                        LockSupport.parkNanos(1_000_000); // what nobody wants is closed by threads of their own
                        free = fillers.countFree();
                    }
                    Facts.say(type + ": " + e.reason() + ", then " + free + " free, "
                            + (right.isOpen() ? "open" : "closed"));
                }
            }
            if (right.isOpen()) {
                try (Frame frame = right.receive()) {
                    Facts.say(type + ": " + count(files, frame) + " came with the next one");
                }
            }
        }
    }

    private static int count(Memfds files, Frame frame) throws IOException {
        List<OwnedFd> taken = frame.takeFds();
        try {
            files.assertFirstOnesAre(taken);
            return taken.size();
        } finally {
            for (OwnedFd fd : taken) {
                fd.close();
            }
        }
    }
}
