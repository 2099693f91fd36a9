package dev.fdpass.frame;

import dev.fdpass.FdQueue;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.TryResult;
import dev.fdpass.UnixAddress;
import dev.fdpass.internal.Timeouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came over a socket and was not handed over yet: bytes from {@link #start} to {@link #end}, and descriptors in the order
 * in which they came. Those of the last receive are still in the message that received them, so that in the common case they
 * move once.
 *
 * <p>Not thread-safe; the {@link FrameReceiver} that it belongs to sees to that.
 */
final class FrameInput {
    private static final int INITIAL_BYTES = 1 << 14;
    /** Less room than this is not worth a receive, if more is due. */
    private static final int LEAST_BYTES = 1 << 11;
    /** More memory than this is kept only where it is needed again and again. */
    static final int MOST_KEPT = 1 << 20;
    /** What one large frame adds to {@link #demand}, from which each other one takes 1. */
    private static final int LARGE = 2;

    private static final int MOST_DEMAND = 8 * LARGE;

    private final ScmSocket socket;
    private final int maxBufferedBytes;
    /** Of all receives but the last. */
    private final FdQueue older = FdQueue.allocate(FrameLimits.FDS_OF_A_MESSAGE);

    /** Its payload is where the bytes are. */
    private ScmMessage message = ScmMessage.allocate(0, FrameLimits.FDS_OF_A_MESSAGE);

    private ByteBuffer bytes = message.payload().duplicate();
    /** Whether the message receives into a part of its payload, rather than into all of it. */
    private boolean isPart;

    private int start;
    private int end;
    /** How much of what came lately was too large for {@link #MOST_KEPT}: a third of it, and it grows. */
    private int demand;

    /** Descriptors that the last receive brought and that are still here. */
    private int lastFds;
    /** Index behind the last byte that came with them; of no account once there are none. */
    private int lastEnd;

    /** The receive timeout that the socket has. */
    private long socketTimeout;

    FrameInput(ScmSocket socket, int maxBufferedBytes) {
        this.socket = socket;
        this.maxBufferedBytes = maxBufferedBytes;
        socketTimeout = Timeouts.nanos(socket.receiveTimeout());
    }

    // ---- What is here

    /** The bytes, little-endian; those from {@link #start()} to {@link #end()}. */
    ByteBuffer bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int available() {
        return end - start;
    }

    int fds() {
        return older.count() + lastFds;
    }

    /** Descriptors that came with a byte before {@code index}, if one receive at most reached beyond it. */
    int fdsBefore(int index) {
        return lastEnd > index ? older.count() : fds();
    }

    /** Who sent the last packet. */
    UnixAddress sender() {
        return message.sender();
    }

    /** Bytes that the last packet had; -1 if they are all here. */
    long truncatedPacketBytes() {
        return message.isPayloadTruncated() ? message.packetBytes() : -1;
    }

    boolean isControlTruncated() {
        return message.isControlTruncated();
    }

    /** Lets go of the bytes before {@code index}. */
    void drop(int index) {
        if (index - start > MOST_KEPT - LEAST_BYTES) {
            demand = Math.min(MOST_DEMAND, demand + LARGE);
        } else if (demand > 0) {
            demand--;
        }
        start = index;
    }

    /** Lets go of the bytes from {@code index} on. */
    void dropFrom(int index) {
        end = index;
    }

    /**
     * Moves the first descriptors to another queue.
     *
     * @param to where to; null only if there are none
     */
    void handOver(@Nullable FdQueue to, int count) {
        if (to == null || count == 0) {
            return;
        }
        if (older.count() == 0 && count == lastFds) {
            int unused = to.addAll(message);
            lastFds = 0;
        } else {
            if (count > older.count()) {
                keepLast();
            }
            int unused = to.addAll(older, count);
        }
    }

    /** The next receive would close what the message has. */
    private void keepLast() {
        if (lastFds > 0) {
            int unused = older.addAll(message);
            lastFds = 0;
        }
    }

    // ---- Receiving

    /**
     * Receives bytes behind those that are here, in one receive. Whatever is thrown, nothing that came is lost.
     *
     * @param announced bytes of the first frame in all, as far as that is known; else 0
     * @param timeout nanoseconds, {@link Turn#FOREVER} or {@link Turn#TRY}
     */
    TryResult receive(int announced, long timeout) throws IOException {
        keepLast();
        makeRoom(announced);
        return receive(timeout);
    }

    /** Receives a packet of at most so many bytes. */
    TryResult receivePacket(int maxBytes, long timeout) throws IOException {
        keepLast();
        start = 0;
        end = 0;
        if (bytes.capacity() < maxBytes) {
            allocate(maxBytes);
        }
        return receive(timeout);
    }

    private TryResult receive(long timeout) throws IOException {
        TryResult result;
        if (timeout == Turn.TRY) {
            result = socket.tryReceive(message);
        } else {
            if (timeout != socketTimeout) {
                socket.setReceiveTimeout(Duration.ofNanos(timeout));
                socketTimeout = timeout;
            }
            result = socket.receive(message) ? TryResult.DONE : TryResult.END_OF_STREAM;
        }
        if (result == TryResult.DONE) {
            lastFds = message.fdCount();
            end += message.bytes();
            lastEnd = end;
        }
        return result;
    }

    /** Room for the rest of the first frame, as far as that is known, and for what may be taken along. */
    private void makeRoom(int announced) {
        if (start == end && bytes.capacity() > MOST_KEPT && demand <= LARGE) {
            start = 0;
            end = 0;
            allocate(initialBytes()); // one was large: that memory is not kept for the life of the channel
        }
        int wanted = announced > 0 ? announced - available() : Math.min(LEAST_BYTES, maxBufferedBytes);
        if (start == end || (hasLessRoomThan(wanted) && start > 0)) {
            moveToBeginning();
        }
        if (hasLessRoomThan(wanted)) {
            grow(announced);
        }
        long most = Math.max(wanted, (long) maxBufferedBytes);
        if (end == 0 && bytes.capacity() <= most) {
            if (isPart) {
                message.clear();
                isPart = false;
            }
            bytes.clear();
            return;
        }
        int room = (int) Math.min(bytes.capacity() - end, most);
        message.clear();
        message.addBuffer(bytes.limit(end + room).position(end));
        isPart = true;
    }

    private boolean hasLessRoomThan(int wanted) {
        return bytes.capacity() - end < Math.min(wanted, LEAST_BYTES);
    }

    private void moveToBeginning() {
        if (start == 0) {
            return;
        }
        if (start != end) {
            bytes.put(0, bytes, start, available());
        }
        end -= start;
        start = 0;
    }

    /** Twice as much at most: what a header announces takes no memory before it comes. */
    private void grow(int announced) {
        int have = available();
        int initial = initialBytes();
        int capacity = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(initial, 2L * have));
        if (announced > have && announced < capacity) {
            capacity = Math.max(announced, initial);
        }
        allocate(capacity);
    }

    /** Not too little to be worth a receive, or it would double at once. */
    private int initialBytes() {
        return Math.max(2 * LEAST_BYTES, Math.min(INITIAL_BYTES, maxBufferedBytes));
    }

    private void allocate(int capacity) {
        ScmMessage larger = ScmMessage.allocate(capacity, FrameLimits.FDS_OF_A_MESSAGE);
        ByteBuffer payload = larger.payload().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        payload.put(0, bytes, start, available());
        message.close();
        message = larger;
        bytes = payload;
        isPart = false;
        end -= start;
        start = 0;
    }

    // ---- The end

    /** Lets go of all bytes and descriptors; waits for no sender of the latter. */
    void dropAll() {
        start = end;
        try {
            keepLast();
        } finally {
            lastFds = 0;
            older.clearAside();
        }
    }

    /** As {@link #dropAll}, for good. */
    void close() {
        try {
            dropAll();
        } finally {
            older.close();
            message.close();
        }
    }
}
