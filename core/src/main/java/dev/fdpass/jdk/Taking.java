package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import dev.fdpass.linux.Descriptors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How an object of the JDK takes a descriptor from its owner. */
final class Taking {
    /** Another thread may look at the descriptor just now ({@code toString}), or make another object of it. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private Taking() {}

    /**
     * Makes an object while the descriptor is kept open, and then ends its owner. Of several threads that do so with one
     * descriptor, only the one that ends the owner has the object; on any error the owner is open, or another thread ended it.
     */
    static <T extends Closeable> T take(OwnedFd fd, OwnedFd.Use<T, IOException> making) throws IOException {
        return PlatformThread.call(() -> {
            T made = fd.use(making);
            try {
                // Given up rather than closed: to close a listener that was bound here would remove its socket's file.
                Descriptors.close(giveUp(fd));
                return made;
            } catch (Throwable t) {
                try (made) {
                    throw t;
                }
            }
        });
    }

    private static int giveUp(OwnedFd fd) throws ClosedChannelException {
        long began = System.nanoTime();
        while (true) {
            try {
                return fd.detach();
            } catch (IllegalStateException e) {
                if (System.nanoTime() - began > PATIENCE_NANOS) {
                    throw new IllegalStateException(
                            fd + " is in use by another thread; make an object of it when that operation is over", e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
