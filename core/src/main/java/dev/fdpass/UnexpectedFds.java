package dev.fdpass;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What reading bytes from a {@link UnixStream} does with descriptors that come along although nobody asked for any. They are
 * closed by a thread of its own, mostly a moment later: a sender can make closing wait. Man page: {@code recvmsg(2)}.
 */
public enum UnexpectedFds {
    /** They are closed and {@linkplain UnixStream#unexpectedFds() counted}; reading goes on. */
    CLOSE,
    /** They are closed and counted, and the read throws an {@link IOException}; its bytes are in the buffer. */
    REFUSE;

    /** Counts them for one socket. */
    static final class Counter {
        private final AtomicLong count = new AtomicLong();
        private volatile UnexpectedFds policy = CLOSE;

        void policy(UnexpectedFds chosen) {
            policy = chosen;
        }

        long count() {
            return count.get();
        }

        void closed(int fds, int bytes) throws IOException {
            count.addAndGet(fds);
            if (policy == REFUSE) {
                throw new IOException("the peer sent " + fds + " descriptors with bytes that were read as plain bytes;"
                        + " they are closed, and the " + bytes + " bytes are in the buffer. Use receive to get both");
            }
        }
    }
}
