package dev.fdpass.frame;

import dev.fdpass.FdQueue;
import dev.fdpass.ScmSocket;
import dev.fdpass.TryResult;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameException.Reason;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the frames of one socket, for as long as the peer may take, and cuts it if it does not keep to the protocol. Nothing
 * more is received while a whole frame is there.
 *
 * <p>Not thread-safe: {@link FramedChannel} gives one thread at a time its turn.
 */
final class FrameReceiver {
    /** Receives of one attempt, so that a peer who always has more to say does not keep it busy for good. */
    private static final int MOST_RECEIVES = 256;

    private final ScmSocket socket;
    private final FrameLimits limits;
    private final boolean isStream;
    private final boolean isForEverybody;
    /** With a frame that has begun and is not finished, or descriptors that wait for one. */
    private final Patience patience;

    private final FrameInput input;
    private final FirstFrame first;
    /** Whether a frame left descriptors here and took none. */
    private boolean isUnclaimed;

    private boolean isClosed;

    FrameReceiver(ScmSocket socket, Framing framing, FrameLimits limits) {
        this.socket = socket;
        this.limits = limits;
        isStream = socket instanceof UnixStream;
        isForEverybody = socket instanceof UnixDatagram;
        patience = new Patience(limits.maxUnfinished());
        input = new FrameInput(socket, limits.maxBufferedBytes());
        first = new FirstFrame(input, framing.newParser(limits), limits, isStream);
    }

    // ---- A frame that is there

    FirstFrame first() {
        return first;
    }

    /** Who sent it, if it is a datagram. */
    UnixAddress sender() {
        return isForEverybody ? input.sender() : UnixAddress.unnamed();
    }

    /**
     * Hands over the descriptors of the frame, and is done with it.
     *
     * @param fds where to; null only if it has none
     */
    void handOver(@Nullable FdQueue fds) {
        int count = first.fds();
        input.handOver(fds, count);
        first.drop();
        noteUnclaimed(count);
    }

    /** Descriptors that stay belong to a later frame: the time that they may wait for it does not begin anew with each other. */
    private void noteUnclaimed(int claimed) {
        boolean wasUnclaimed = isUnclaimed;
        isUnclaimed = claimed == 0 && input.fds() > 0;
        if (!isUnclaimed || !wasUnclaimed) {
            patience.end();
        }
        if (isUnclaimed) {
            noteUnfinished();
        }
    }

    // ---- What is behind it, for another protocol

    /** Bytes that were taken along, of whole frames or not. */
    int restBytes() {
        return input.available();
    }

    void copyRest(ByteBuffer to) {
        to.put(0, input.bytes(), input.start(), restBytes());
    }

    /** Hands over all descriptors that are here, and is done with the bytes. */
    void handOverRest(FdQueue fds) {
        input.handOver(fds, input.fds());
        first.dropAll();
        noteUnclaimed(0);
    }

    // ---- Waiting for one

    /** With what has come of a frame; any thread may ask. */
    Patience patience() {
        return patience;
    }

    /**
     * Waits until a frame is there.
     *
     * @param timeout nanoseconds, {@link Turn#FOREVER} or {@link Turn#TRY}
     * @param all nanoseconds that there were in all, for those who read that they are over
     * @return {@link TryResult#WOULD_BLOCK} only with {@link Turn#TRY}
     */
    TryResult await(long timeout, long all) throws IOException {
        if (first.isWhole()) {
            return TryResult.DONE; // somebody found it, and had no memory for it
        }
        try {
            return isStream ? awaitInStream(timeout) : awaitPacket(timeout);
        } catch (SocketTimeoutException e) {
            throw timedOut(all, e);
        } catch (FrameException e) {
            if (isForEverybody) {
                dropAll();
            } else {
                cut();
            }
            throw e;
        }
    }

    private TryResult awaitInStream(long timeout) throws IOException {
        long deadline = timeout > 0 ? System.nanoTime() + timeout : 0;
        for (int receives = 0; !find(); receives++) {
            if (timeout != Turn.TRY && receives > 0 && receives % MOST_RECEIVES == 0) {
                checkGoesOn(timeout, deadline); // else nobody would, as long as there always is something to receive
            }
            TryResult result;
            if (timeout == Turn.TRY) {
                result = receives < MOST_RECEIVES ? receive(Turn.TRY) : TryResult.WOULD_BLOCK;
            } else if (patience.hasBegun()) {
                result = receiveRest(timeout, deadline);
            } else {
                result = receive(receives == 0 || timeout == Turn.FOREVER ? timeout : left(deadline));
            }
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

    private void checkGoesOn(long timeout, long deadline) throws IOException {
        checkNotLate();
        if (timeout != Turn.FOREVER) {
            long unused = left(deadline);
        }
        if (Thread.currentThread().isInterrupted()) {
            socket.close();
            throw new ClosedByInterruptException();
        }
    }

    private TryResult receive(long timeout) throws IOException {
        TryResult result = input.receive(first.announced(), timeout);
        if (result == TryResult.DONE && input.isControlTruncated()) {
            throw lost();
        }
        return result;
    }

    /** Waits for more of a frame that has begun, no longer than it may stay unfinished. */
    private TryResult receiveRest(long timeout, long deadline) throws IOException {
        TryResult now = receive(Turn.TRY); // what is there already is not too late, whatever the clock says
        if (now != TryResult.WOULD_BLOCK) {
            return now;
        }
        checkNotLate();
        long left = timeout > 0 ? left(deadline) : Turn.FOREVER;
        long untilLate = patience.left();
        boolean isLateFirst = left == Turn.FOREVER || untilLate < left;
        try {
            return receive(isLateFirst ? Math.max(1, untilLate) : left);
        } catch (SocketTimeoutException e) {
            throw isLateFirst ? late() : e;
        }
    }

    private TryResult awaitPacket(long timeout) throws IOException {
        TryResult result = input.receivePacket(limits.maxBytes(), timeout);
        if (result == TryResult.DONE) {
            if (input.isControlTruncated()) {
                throw lost();
            }
            first.findPacket();
        }
        return result;
    }

    private static long left(long deadline) throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        return left;
    }

    private static SocketTimeoutException timedOut(long all, SocketTimeoutException e) {
        SocketTimeoutException whole = new SocketTimeoutException("no frame came within " + Duration.ofNanos(all)
                + "; what has come of one is kept for the next receive");
        whole.initCause(e);
        return whole;
    }

    /** Whether the first frame is there in full. */
    private boolean find() throws FrameException {
        if (first.find()) {
            return true;
        }
        noteUnfinished();
        return false;
    }

    private void noteUnfinished() {
        if (input.available() > 0 || input.fds() > 0) {
            patience.begin();
        }
    }

    // ---- Checking

    private void checkNotLate() throws FrameException {
        if (patience.isOver()) {
            throw late();
        }
    }

    private void checkEnd() throws FrameException {
        if (input.available() > 0 || input.fds() > 0) {
            throw new FrameException(
                    Reason.ENDED_IN_FRAME,
                    "the stream ended in the middle of a frame, behind " + input.available() + " bytes and "
                            + input.fds() + " descriptors of it");
        }
    }

    private FrameException late() {
        return new FrameException(
                Reason.UNFINISHED,
                "a frame, of which " + input.available() + " bytes and " + input.fds()
                        + " descriptors have come, stayed unfinished for longer than the limit of "
                        + limits.maxUnfinished());
    }

    private static FrameException lost() {
        return new FrameException(
                Reason.FDS_LOST,
                "descriptors were lost on the way (MSG_CTRUNC); this process may be at its limit of open files");
    }

    // ---- The end

    /** Lets go of all that has come: on a connection for good, else of a packet that somebody sent, whoever that was. */
    private void dropAll() {
        input.dropAll();
        first.dropAll();
        patience.end();
    }

    /** No stranger is waited for: not with his descriptors, and not with those that are queued in the socket. */
    private void cut() {
        try {
            socket.asFd().closeAside(); // first: nothing more comes, and whoever waits is woken
        } finally {
            dropAll();
        }
    }

    /** The socket is closed. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            first.dropAll();
            patience.end();
            input.close();
        }
    }
}
