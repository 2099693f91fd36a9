package dev.fdpass.systemd;

import dev.fdpass.Interest;
import dev.fdpass.OwnedFd;
import dev.fdpass.Poller;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until a pipe has no more writers. */
final class Barrier {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Barrier() {}

    static void await(OwnedFd readEnd, Duration timeout) throws IOException {
        boolean forever = timeout.isZero() || timeout.compareTo(LONGEST) > 0;
        long deadline = System.nanoTime() + (forever ? 0 : timeout.toNanos());
        ByteBuffer unexpected = ByteBuffer.allocate(64);
        try (Poller<OwnedFd> poller = Poller.open(1)) {
            poller.register(readEnd, Interest.READ, readEnd);
            while (true) {
                long left = deadline - System.nanoTime();
                if (!forever && left <= 0) {
                    throw new SocketTimeoutException("the barrier timed out after " + timeout
                            + ": the receiver has not yet got to it, or keeps its descriptor open");
                }
                int ready = forever ? poller.await() : poller.await(Duration.ofNanos(left));
                // Who has the other end could also write, which is no answer.
                if (ready > 0 && readEnd.read(unexpected.clear()) < 0) {
                    return;
                }
            }
        }
    }

    static Duration check(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "the timeout is " + timeout + "; give zero to wait as long as it takes, or more");
        }
        return timeout;
    }

    /** Microseconds of a time that must be more than none. */
    static long micros(Duration time) {
        long micros = TimeUnit.MICROSECONDS.convert(time);
        if (micros <= 0 || micros == Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the time is " + time + "; it must be at least a microsecond, and fit in" + " 63 bits of them");
        }
        return micros;
    }
}
