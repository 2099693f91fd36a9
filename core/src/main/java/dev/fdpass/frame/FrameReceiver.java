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
 * Puts together the frames of one socket. Nothing more is received while a whole frame is there. Hence of all descriptors that
 * are here, those of the last receive belong to the frame that has its last byte, and all others to the first one.
 *
 * <p>Not thread-safe: {@link FramedChannel} gives one thread at a time its turn.
 */
final class FrameReceiver {
    /** Receives of one attempt, so that a peer who always has more to say does not keep it busy for good. */
    private static final int MOST_RECEIVES = 256;

    private final ScmSocket socket;
    private final FrameLimits limits;
    private final FrameParser parser;
    private final boolean isStream;
    private final boolean isForEverybody;
    /** With a frame that has begun and is not finished, or descriptors that wait for one. */
    private final Patience patience;

    private final FrameInput input;

    /** Bytes of the first frame in all, once its end is found; -1 before. */
    private int frameBytes = -1;
    /** How many descriptors it has, once these are there too. */
    private int frameFds;

    private boolean isWhole;
    /** Whether a frame left descriptors here and took none. */
    private boolean isUnclaimed;

    private boolean isClosed;

    FrameReceiver(ScmSocket socket, Framing framing, FrameLimits limits) {
        this.socket = socket;
        this.limits = limits;
        parser = framing.newParser(limits);
        isStream = socket instanceof UnixStream;
        isForEverybody = socket instanceof UnixDatagram;
        patience = new Patience(limits.maxUnfinished());
        input = new FrameInput(socket, limits.maxBufferedBytes());
    }

    // ---- A frame that is there

    int contentBytes() {
        return isStream ? parser.contentEnd() - parser.contentStart() : input.available();
    }

    /** Copies the content to a buffer. */
    void copyContent(ByteBuffer to) {
        int from = input.start() + (isStream ? parser.contentStart() : 0);
        to.put(0, input.bytes(), from, contentBytes());
    }

    int fdCount() {
        return frameFds;
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
        input.handOver(fds, frameFds);
        done();
    }

    private void done() {
        if (isStream) {
            input.drop(frameEnd());
            parser.reset();
        } else {
            input.drop(input.end());
        }
        int claimed = frameFds;
        frameBytes = -1;
        frameFds = 0;
        isWhole = false;
        noteUnclaimed(claimed);
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

    private int frameEnd() {
        return input.start() + frameBytes;
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
        frameBytes = input.available();
        done();
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
        if (isWhole) {
            return TryResult.DONE; // somebody found it, and had no memory for it
        }
        try {
            return isStream ? awaitInStream(timeout) : awaitPacket(timeout);
        } catch (SocketTimeoutException e) {
            throw timedOut(all, e);
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
        TryResult result = input.receive(parser.announced(), timeout);
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
            checkPacket();
            frameFds = input.fds();
            isWhole = true;
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

    // ---- Finding it

    /** Whether the first frame is there in full. */
    private boolean find() throws FrameException {
        if (input.available() == 0) {
            checkPending();
            noteUnfinished();
            return false;
        }
        if (frameBytes < 0) {
            int found = parser.find(input.bytes(), input.start(), input.end());
            if (found < 0) {
                foundNone();
                return false;
            }
            frameBytes = found;
        }
        isWhole = parser.isQueued() ? findQueued() : findAttached();
        return isWhole;
    }

    private void foundNone() throws FrameException {
        if (!parser.hasBegun()) {
            input.drop(input.end()); // what stands between frames needs no memory
            parser.reset();
        }
        checkPending();
        if (!parser.isQueued() && input.fds() > limits.maxFds()) {
            throw tooManyFds(input.fds());
        }
        noteUnfinished();
    }

    private void noteUnfinished() {
        if (input.available() > 0 || input.fds() > 0) {
            patience.begin();
        }
    }

    private boolean findAttached() throws FrameException {
        int fds = input.fdsBefore(frameEnd());
        int announced = parser.fds();
        if (announced != FrameParser.ANY && fds != announced) {
            throw new FrameException(
                    Reason.FD_COUNT, fds + " descriptors came with a frame that says that it has " + announced);
        }
        if (fds > limits.maxFds()) {
            throw tooManyFds(fds);
        }
        frameFds = fds;
        return true;
    }

    private boolean findQueued() throws FrameException {
        checkPending();
        if (input.fds() >= parser.fds()) {
            frameFds = parser.fds();
            return true;
        }
        for (int i = frameEnd(); i < input.end(); i++) {
            if (!parser.isFiller(input.bytes().get(i))) {
                throw new FrameException(
                        Reason.FD_COUNT,
                        "a frame says that it has " + parser.fds() + " descriptors, and the next one began when "
                                + input.fds() + " had come");
            }
        }
        input.dropFrom(frameEnd()); // they brought what they were for
        noteUnfinished();
        return false;
    }

    // ---- Checking

    private void checkPacket() throws FrameException {
        if (input.isControlTruncated()) {
            throw lost();
        }
        if (input.truncatedPacketBytes() >= 0) {
            throw new FrameException(
                    Reason.TOO_MANY_BYTES,
                    "a packet of " + input.truncatedPacketBytes() + " bytes; the limit is " + limits.maxBytes());
        }
        if (input.fds() > limits.maxFds()) {
            throw tooManyFds(input.fds());
        }
    }

    private void checkPending() throws FrameException {
        if (input.fds() > limits.maxPendingFds()) {
            throw new FrameException(
                    Reason.TOO_MANY_FDS,
                    input.fds() + " descriptors came that belong to no frame that is there; the limit is "
                            + limits.maxPendingFds());
        }
    }

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

    private FrameException tooManyFds(int fds) {
        return new FrameException(
                Reason.TOO_MANY_FDS, "a frame with " + fds + " descriptors; the limit is " + limits.maxFds());
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

    /** Drops a packet that somebody sent, whoever that was. */
    private void drop() {
        input.dropAll();
        done();
    }

    /** No stranger is waited for: not with his descriptors, and not with those that are queued in the socket. */
    private void cut() {
        try {
            socket.asFd().closeAside(); // first: nothing more comes, and whoever waits is woken
        } finally {
            input.dropAll();
        }
        frameBytes = -1;
        isWhole = false;
        patience.end();
    }

    /** The socket is closed. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            isWhole = false;
            patience.end();
            input.close();
        }
    }
}
