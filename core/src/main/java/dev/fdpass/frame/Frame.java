package dev.fdpass.frame;

import dev.fdpass.Expect;
import dev.fdpass.FdQueue;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One received frame. Its descriptors belong to it until they are {@linkplain #takeFd taken}; {@link #close} closes the rest.
 *
 * <p>Safe for use by several threads. One that is forgotten is closed by a cleaner, with a warning to the {@code dev.fdpass}
 * logger that says where it was received.
 */
public final class Frame implements AutoCloseable {
    private final int bytes;
    private final ByteBuffer data;
    private final UnixAddress sender;
    private final int fdCount;
    /** Null where there are none. */
    private final @Nullable FdQueue fds;

    private boolean closed;

    private Frame(int bytes, ByteBuffer data, UnixAddress sender, int fdCount) {
        this.bytes = bytes;
        this.data = data;
        this.sender = sender;
        this.fdCount = fdCount;
        fds = fdCount == 0 ? null : FdQueue.allocate(fdCount);
    }

    /** Takes over the frame that is there; should there be no memory, it stays there. */
    static Frame take(FrameReceiver from) {
        FirstFrame first = from.first();
        ByteBuffer data = ByteBuffer.allocate(first.contentBytes());
        first.copyContent(data);
        Frame frame = new Frame(data.capacity(), data, from.sender(), first.fds());
        from.handOver(frame.fds);
        return frame;
    }

    static Frame ofEnd() {
        return new Frame(-1, ByteBuffer.allocate(0), UnixAddress.unnamed(), 0);
    }

    /** {@return bytes of the frame; -1 at the end of the stream} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether the peer has closed or shut down its side, and nothing will come any more} */
    public boolean isEndOfStream() {
        return bytes < 0;
    }

    /** {@return a buffer on the heap, always the same, whose remaining bytes are those of the frame; empty at the end} */
    public ByteBuffer data() {
        return data;
    }

    /** {@return the address that a datagram came from; unnamed if its socket has none, and on other sockets} */
    public UnixAddress sender() {
        return sender;
    }

    /** {@return descriptors of the frame, those taken since included} */
    public int fdCount() {
        return fdCount;
    }

    /**
     * Takes a descriptor out of the frame: it is the caller's to close now.
     *
     * @param index from 0, in the order in which they were sent
     * @return its owner
     * @throws IndexOutOfBoundsException if it has not so many
     * @throws IllegalStateException if it was taken already, or the frame is closed
     */
    public synchronized OwnedFd takeFd(int index) {
        checkOpen();
        Objects.checkIndex(index, fdCount);
        try {
            return some().takeFd(index);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes a descriptor out of the frame if it is what is expected; else it is closed.
     *
     * @param index from 0, in the order in which they were sent
     * @param expected what it must be
     * @return its owner
     * @throws dev.fdpass.RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public synchronized OwnedFd takeFd(int index, Expect expected) throws IOException {
        checkOpen();
        Objects.checkIndex(index, fdCount);
        try {
            return some().takeFd(index, expected);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes all descriptors if they are what is expected, each in its place, and no more were sent; else all are closed.
     *
     * @param expected what they must be, in the order in which they were sent; none to expect none
     * @return their owners
     * @throws dev.fdpass.RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public synchronized List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        checkOpen();
        try (FdQueue none = FdQueue.allocate(0)) {
            return (fds == null ? none : fds).takeExactly(expected);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they were sent; each is the caller's to close
     */
    public synchronized List<OwnedFd> takeFds() {
        checkOpen();
        try {
            return fds == null ? List.of() : fds.takeFds();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private FdQueue some() {
        return Objects.requireNonNull(fds); // what has an index is there
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the frame is closed, and its descriptors with it");
        }
    }

    /** Closes the descriptors that nobody took. Further calls do nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (fds != null) {
                fds.close();
            }
        }
    }

    /**
     * As {@link #close}, without waiting until it is done: see {@link OwnedFd#closeAside}. For a frame that nobody wants, since
     * a stranger sent it.
     */
    public synchronized void closeAside() {
        if (!closed) {
            closed = true;
            if (fds != null) {
                try (fds) {
                    fds.clearAside();
                }
            }
        }
    }
}
