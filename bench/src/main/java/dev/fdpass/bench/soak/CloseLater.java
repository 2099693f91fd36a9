package dev.fdpass.bench.soak;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Owns descriptors for a while, and closes them on a thread of its own. */
final class CloseLater implements Runnable {
    private final BlockingQueue<OwnedFd> queue;
    private volatile boolean ending;

    CloseLater(int capacity) {
        queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Takes over a descriptor, unless there are too many already. */
    boolean offer(OwnedFd fd) {
        return queue.offer(fd);
    }

    /** Closes what is left; nothing may be offered any more. */
    void end() {
        ending = true;
    }

    @Override
    public void run() {
        try {
            while (true) {
                boolean last = ending; // before looking: what was offered until then is found
                @Nullable OwnedFd fd = queue.poll(10, TimeUnit.MILLISECONDS);
                if (fd != null) {
                    fd.close();
                } else if (last) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
