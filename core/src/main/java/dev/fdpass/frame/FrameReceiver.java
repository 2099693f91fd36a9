package dev.fdpass.frame;

import dev.fdpass.FdQueue;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.TryResult;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Puts together the frames of one socket. What came stands in {@link #input} from {@link #start} to {@link #end}, the oldest
 * frame first; nothing more is received while a whole frame is there. Hence of all descriptors that are pending, those of the
 * last receive belong to the frame that has its last byte, and all others to the first one.
 *
 * <p>Not thread-safe: {@link FramedChannel} gives one thread at a time its turn.
 */
final class FrameReceiver {
    private static final int INITIAL_BYTES = 1 << 14;
    /** Less room than this is not worth a receive, if more is due. */
    private static final int LEAST_BYTES = 1 << 11;
    /** Receives of one attempt, so that a peer who always has more to say does not keep it busy for good. */
    private static final int MOST_RECEIVES = 256;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ScmSocket socket;
    private final FrameLimits limits;
    private final FrameParser parser;
    private final boolean isStream;
    private final boolean isForEverybody;
    private final long maxUnfinished;

    private final ScmMessage message = ScmMessage.allocate(0, FrameLimits.FDS_OF_A_MESSAGE);
    private final FdQueue pending = FdQueue.allocate(FrameLimits.FDS_OF_A_MESSAGE);
    private ByteBuffer input = NOTHING;
    private int start;
    private int end;

    /** Descriptors that the last receive brought, and the index behind the last byte that came with them. */
    private int lastFds;

    private int lastEnd;

    /** Index behind the first frame, once that is found, and how many descriptors it has, once these are there. */
    private int frameEnd = -1;

    private int frameFds;
    private boolean isWhole;
    /** When it was found that a frame has begun and is not finished. */
    private boolean isUnfinished;

    private long unfinishedSince;
    /** The receive timeout that the socket has. */
    private long socketTimeout;

    private boolean isClosed;

    FrameReceiver(ScmSocket socket, Framing framing, FrameLimits limits) {
        this.socket = socket;
        this.limits = limits;
        parser = framing.newParser(limits);
        isStream = socket instanceof UnixStream;
        isForEverybody = socket instanceof UnixDatagram;
        maxUnfinished = Turn.nanos(limits.maxUnfinished());
        socketTimeout = Turn.nanos(socket.receiveTimeout());
    }

    // ---- A frame that is there

    int contentBytes() {
        return isStream ? parser.contentEnd() - parser.contentStart() : end;
    }

    /** Copies the content to a buffer, from {@code at}. */
    void copyContent(ByteBuffer to, int at) {
        int from = isStream ? start + parser.contentStart() : 0;
        to.put(at, input, from, contentBytes());
    }

    /**
     * Hands over the descriptors of the frame, and is done with it.
     *
     * @param fds where to; null only if it has none
     */
    void handOver(@Nullable FdQueue fds) {
        if (fds != null && frameFds > 0) {
            int unused = fds.addAll(pending, frameFds);
        }
        done();
    }

    int fdCount() {
        return frameFds;
    }

    /** Who sent it, if it is a datagram. */
    UnixAddress sender() {
        return isForEverybody ? message.sender() : UnixAddress.unnamed();
    }

    private void done() {
        if (isStream) {
            // What is left of the last receive's descriptors belongs to a later frame.
            lastFds = Math.min(lastFds, pending.count());
            start = frameEnd;
            parser.reset();
        } else {
            end = 0;
        }
        frameEnd = -1;
        frameFds = 0;
        isWhole = false;
        isUnfinished = false;
    }

    // ---- Waiting for one

    /**
     * Waits until a frame is there.
     *
     * @param timeout nanoseconds, {@link Turn#FOREVER} or {@link Turn#TRY}
     * @return {@link TryResult#WOULD_BLOCK} only with {@link Turn#TRY}
     */
    TryResult await(long timeout) throws IOException {
        if (isWhole) {
            return TryResult.DONE; // somebody found it, and had no memory for it
        }
        try {
            return isStream ? awaitInStream(timeout) : awaitPacket(timeout);
        } catch (FrameException e) {
            if (isForEverybody) {
                drop();
            } else {
                cut();
            }
            throw e;
        }
    }

    private TryResult awaitInStream(long timeout) throws IOException {
        long deadline = timeout > 0 ? System.nanoTime() + timeout : 0;
        for (int receives = 0; !find(); receives++) {
            if (timeout == Turn.TRY && receives == MOST_RECEIVES) {
                checkNotLate();
                return TryResult.WOULD_BLOCK;
            }
            makeRoom();
            TryResult result = isUnfinished && timeout != Turn.TRY
                    ? receiveRest(timeout, deadline)
                    : receive(receives == 0 || timeout <= 0 ? timeout : left(timeout, deadline));
            if (result == TryResult.END_OF_STREAM) {
                checkEnd();
                return result;
            }
            if (result == TryResult.WOULD_BLOCK) {
                checkNotLate();
                return result;
            }
        }
        return TryResult.DONE;
    }

    private static long left(long timeout, long deadline) throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw timedOut(timeout);
        }
        return left;
    }

    private static SocketTimeoutException timedOut(long timeout) {
        return new SocketTimeoutException("no frame came within " + Duration.ofNanos(timeout)
                + "; what has come of one is kept for the next receive");
    }

    /** Waits for more of a frame that has begun, no longer than it may stay unfinished. */
    private TryResult receiveRest(long timeout, long deadline) throws IOException {
        TryResult now = receive(Turn.TRY);
        if (now != TryResult.WOULD_BLOCK) {
            return now;
        }
        checkNotLate();
        long left = timeout > 0 ? left(timeout, deadline) : Turn.FOREVER;
        long untilLate = maxUnfinished - (System.nanoTime() - unfinishedSince);
        boolean isLateFirst = maxUnfinished > 0 && (left == Turn.FOREVER || untilLate < left);
        try {
            return receive(isLateFirst ? Math.max(1, untilLate) : left);
        } catch (SocketTimeoutException e) {
            if (isLateFirst) {
                throw late();
            }
            throw timedOut(timeout);
        }
    }

    private void checkNotLate() throws FrameException {
        if (isUnfinished && maxUnfinished > 0 && System.nanoTime() - unfinishedSince >= maxUnfinished) {
            throw late();
        }
    }

    private FrameException late() {
        return new FrameException(
                FrameException.Reason.UNFINISHED,
                "a frame, of which " + (end - start) + " bytes and " + pending.count()
                        + " descriptors have come, stayed unfinished for longer than the limit of "
                        + limits.maxUnfinished());
    }

    private void checkEnd() throws FrameException {
        if (end > start || pending.count() > 0) {
            throw new FrameException(
                    FrameException.Reason.ENDED_IN_FRAME,
                    "the stream ended in the middle of a frame, behind " + (end - start) + " bytes and "
                            + pending.count() + " descriptors of it");
        }
    }

    // ---- Finding it

    /** Whether the first frame is there in full. */
    private boolean find() throws FrameException {
        if (end == start) {
            checkPending();
            return false;
        }
        if (frameEnd < 0) {
            int found = parser.find(input, start, end);
            if (found < 0) {
                unfinished();
                return false;
            }
            frameEnd = start + found;
        }
        isWhole = parser.isQueued() ? findQueued() : findAttached();
        return isWhole;
    }

    private void unfinished() throws FrameException {
        if (!parser.hasBegun()) {
            start = end; // what stands between frames needs no memory
            parser.reset();
        }
        checkPending();
        if (!parser.isQueued() && pending.count() > limits.maxFds()) {
            throw tooManyFds(pending.count());
        }
        noteUnfinished();
    }

    private void noteUnfinished() {
        if (!isUnfinished && end > start) {
            isUnfinished = true;
            unfinishedSince = maxUnfinished > 0 ? System.nanoTime() : 0;
        }
    }

    private void checkPending() throws FrameException {
        if (pending.count() > limits.maxPendingFds()) {
            throw new FrameException(
                    FrameException.Reason.TOO_MANY_FDS,
                    pending.count() + " descriptors came that belong to no frame that is there; the limit is "
                            + limits.maxPendingFds());
        }
    }

    private boolean findAttached() throws FrameException {
        int fds = lastEnd > frameEnd ? pending.count() - lastFds : pending.count();
        int announced = parser.fds();
        if (announced != FrameParser.ANY && fds != announced) {
            throw new FrameException(
                    FrameException.Reason.FD_COUNT,
                    fds + " descriptors came with a frame that says that it has " + announced);
        }
        if (fds > limits.maxFds()) {
            throw tooManyFds(fds);
        }
        frameFds = fds;
        return true;
    }

    private FrameException tooManyFds(int fds) {
        return new FrameException(
                FrameException.Reason.TOO_MANY_FDS,
                "a frame with " + fds + " descriptors; the limit is " + limits.maxFds());
    }

    private boolean findQueued() throws FrameException {
        checkPending();
        if (pending.count() >= parser.fds()) {
            frameFds = parser.fds();
            return true;
        }
        for (int i = frameEnd; i < end; i++) {
            if (!parser.isFiller(input.get(i))) {
                throw new FrameException(
                        FrameException.Reason.FD_COUNT,
                        "a frame says that it has " + parser.fds() + " descriptors, and the next one began when "
                                + pending.count() + " had come");
            }
        }
        end = frameEnd; // they brought what they were for
        noteUnfinished();
        return false;
    }

    // ---- Receiving

    /** Room for the rest of the first frame, as far as that is known, and for what may be taken along. */
    private void makeRoom() {
        if (start == end) {
            moveToBeginning();
        }
        int announced = parser.announced();
        int wanted = announced > 0 ? announced - (end - start) : LEAST_BYTES;
        if (hasLessRoomThan(wanted) && start > 0) {
            moveToBeginning();
        }
        if (hasLessRoomThan(wanted)) {
            grow(announced);
        }
        int room = (int) Math.min(input.capacity() - end, Math.max(wanted, (long) limits.maxBufferedBytes()));
        input.limit(end + room).position(end);
    }

    private boolean hasLessRoomThan(int wanted) {
        return input.capacity() - end < Math.min(wanted, LEAST_BYTES);
    }

    /** Twice as much at most: what a header announces takes no memory before it comes. */
    private void grow(int announced) {
        int have = end - start;
        int initial = Math.max(LengthHeader.BYTES, Math.min(INITIAL_BYTES, limits.maxBufferedBytes()));
        int capacity = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(initial, 2L * have));
        if (announced > have && announced < capacity) {
            capacity = Math.max(announced, initial);
        }
        ByteBuffer larger = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        larger.put(0, input, start, have);
        input = larger;
        shift();
    }

    private void moveToBeginning() {
        if (start != end) {
            input.put(0, input, start, end - start);
        }
        shift();
    }

    /** The first frame stands at index 0 now. */
    private void shift() {
        lastEnd -= start;
        frameEnd = frameEnd < 0 ? -1 : frameEnd - start;
        end -= start;
        start = 0;
    }

    private TryResult receive(long timeout) throws IOException {
        message.clear();
        message.addBuffer(input);
        TryResult result = receiveInto(timeout);
        if (result == TryResult.DONE) {
            took();
        }
        return result;
    }

    private void took() throws FrameException {
        boolean isNoted = false;
        try {
            lastFds = message.fdCount() > 0 ? pending.addAll(message) : 0;
            end += message.bytes();
            lastEnd = end;
            isNoted = true;
        } finally {
            if (!isNoted) {
                cut(); // for lack of memory: these bytes would be missing in what follows
            }
        }
        if (message.isControlTruncated()) {
            throw new FrameException(
                    FrameException.Reason.FDS_LOST,
                    "descriptors were lost on the way (MSG_CTRUNC); this process may be at its limit of open files");
        }
    }

    private TryResult receiveInto(long timeout) throws IOException {
        if (timeout == Turn.TRY) {
            return socket.tryReceive(message);
        }
        if (timeout != socketTimeout) {
            socket.setReceiveTimeout(Duration.ofNanos(timeout));
            socketTimeout = timeout;
        }
        return socket.receive(message) ? TryResult.DONE : TryResult.END_OF_STREAM;
    }

    private TryResult awaitPacket(long timeout) throws IOException {
        if (input.capacity() < limits.maxBytes()) {
            input = ByteBuffer.allocateDirect(limits.maxBytes());
        }
        input.clear();
        end = 0;
        TryResult result = receive(timeout);
        if (result == TryResult.DONE) {
            if (message.isPayloadTruncated()) {
                throw new FrameException(
                        FrameException.Reason.TOO_MANY_BYTES,
                        "a packet of " + message.packetBytes() + " bytes; the limit is " + limits.maxBytes());
            }
            if (pending.count() > limits.maxFds()) {
                throw tooManyFds(pending.count());
            }
            frameFds = pending.count();
            isWhole = true;
        }
        return result;
    }

    // ---- The end

    /** Drops a packet that somebody sent, whoever that was. */
    private void drop() {
        pending.clearAside();
        done();
    }

    /** No stranger is waited for: not with his descriptors, and not with those that are queued in the socket. */
    private void cut() {
        try {
            pending.clearAside();
        } finally {
            socket.asFd().closeAside();
        }
        forget();
    }

    private void forget() {
        input = NOTHING;
        start = 0;
        end = 0;
        frameEnd = -1;
        isWhole = false;
    }

    /** The socket is closed. */
    void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            pending.clearAside();
        } finally {
            pending.close();
            message.close();
            forget();
        }
    }
}
