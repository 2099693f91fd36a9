package dev.fdpass.frame;

import dev.fdpass.AsFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.internal.Timeouts;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends frames on one socket. Not thread-safe: {@link FramedChannel} gives one thread at a time its turn. */
final class FrameSender {
    /** A larger direct buffer is not copied. */
    private static final int MOST_COPIED = 1 << 14;

    private final ScmSocket socket;
    /** Null if a packet is a frame. */
    private final @Nullable Framing framing;

    private final boolean isForEverybody;
    private final boolean isSeqpacket;
    private final FrameLimits limits;
    /** Of JSON: what is sent must be what the receiver will find. */
    private final @Nullable FrameParser parser;

    /** For those who have no message of their own. */
    private @Nullable FrameMessage spare;
    /** What stopped in the middle. */
    private @Nullable OutgoingFrame unfinished;
    /** The send timeout that the socket has. */
    private long socketTimeout;

    FrameSender(ScmSocket socket, Framing framing, FrameLimits limits) {
        this.socket = socket;
        this.framing = socket instanceof UnixStream ? framing : null;
        isForEverybody = socket instanceof UnixDatagram;
        isSeqpacket = socket instanceof UnixSeqpacket;
        this.limits = limits;
        parser = framing.isJson() ? framing.newParser(limits) : null;
        socketTimeout = Timeouts.nanos(socket.sendTimeout());
    }

    /** Sends bytes of the caller with his descriptors. */
    void send(ByteBuffer buffer, AsFd[] fds, long timeout) throws IOException {
        check(buffer.remaining(), fds.length);
        FrameMessage message = spare == null ? FrameMessage.allocate(0) : spare;
        spare = message;
        if (unfinished != null) {
            throw halfSent();
        }
        OutgoingFrame frame = message.enterToSend();
        try {
            boolean isAll = false;
            try {
                fill(frame, buffer, fds);
                isAll = send(frame, timeout);
            } finally {
                if (isAll || !frame.isPartlySent()) {
                    frame.clear(); // lets go of the caller's
                    spare = frame.data().capacity() > FrameInput.MOST_KEPT ? null : message;
                }
            }
        } finally {
            message.exit();
        }
        buffer.position(buffer.limit());
    }

    private static void fill(OutgoingFrame frame, ByteBuffer buffer, AsFd[] fds) {
        if (buffer.isDirect() && buffer.remaining() > MOST_COPIED) {
            frame.add(buffer);
        } else {
            frame.reserve(buffer.remaining());
            frame.data().put(0, buffer, buffer.position(), buffer.remaining()).position(buffer.remaining());
        }
        for (AsFd fd : fds) {
            frame.add(fd.asFd());
        }
    }

    /** Sends a frame, or the rest of it: whether all went; false only with {@link Turn#TRY}. */
    boolean send(OutgoingFrame frame, long timeout) throws IOException {
        begin(frame);
        long deadline = timeout > 0 ? System.nanoTime() + timeout : 0;
        long left = timeout;
        while (true) {
            boolean isSent = false;
            try {
                isSent = send(frame.part(), left);
            } catch (IllegalArgumentException e) {
                frame.checkAllOpen(); // counts from the first of the frame, not of the part
                throw e;
            } finally {
                if (!isSent) {
                    stopped(frame);
                }
            }
            if (!isSent) {
                return false;
            }
            if (frame.next()) {
                unfinished = null;
                frame.done();
                return true;
            }
            left = timeout > 0 ? Math.max(1, deadline - System.nanoTime()) : timeout;
        }
    }

    private void begin(OutgoingFrame frame) throws IOException {
        if (frame.isPartlySent()) {
            if (!frame.isStartedOn(this)) {
                throw new IllegalStateException(
                        "the message is partly sent on another channel; finish it there, or clear() it");
            }
            frame.checkUnchanged();
            return;
        }
        if (unfinished != null) {
            throw halfSent();
        }
        check(frame.contentBytes(), frame.fdCount());
        if (!isForEverybody && !frame.to().isUnnamed()) {
            throw new IllegalArgumentException("the message is to go to " + frame.to()
                    + ", and only a UnixDatagram sends to an address; clear() it, or set to() to the unnamed one");
        }
        checkContent(frame);
        frame.begin(framing);
        if (frame.fdCount() > FrameLimits.FDS_OF_A_MESSAGE) {
            frame.checkAllOpen(); // found in a later part, it would be too late for the frame
        }
    }

    private static FrameException halfSent() {
        return new FrameException(
                FrameException.Reason.HALF_SENT,
                "an earlier frame was sent in part and not to its end; send the same FrameMessage again, which goes on where"
                        + " it stopped, or close the channel");
    }

    /** Says of the whole time that a send had that it is over, and what became of the frame. */
    SocketTimeoutException timedOut(long timeout, SocketTimeoutException e) {
        SocketTimeoutException whole = new SocketTimeoutException("the frame was not sent within "
                + Duration.ofNanos(timeout)
                + (unfinished == null
                        ? "; nothing of it has gone"
                        : "; a part of it has gone: send the same FrameMessage again, which goes on where it stopped, or"
                                + " close the channel"));
        whole.bytesTransferred = e.bytesTransferred;
        whole.initCause(e);
        return whole;
    }

    private void stopped(OutgoingFrame frame) {
        if (frame.hasBegun()) {
            unfinished = frame;
            frame.stopped(this);
        } else {
            frame.done();
        }
    }

    private boolean send(ScmMessage part, long timeout) throws IOException {
        if (timeout == Turn.TRY) {
            return socket.trySend(part);
        }
        if (timeout != socketTimeout) {
            socket.setSendTimeout(Duration.ofNanos(timeout));
            socketTimeout = timeout;
        }
        socket.send(part);
        return true;
    }

    // ---- Checking

    private void check(long bytes, int fds) {
        if (bytes > limits.maxBytes()) {
            throw new IllegalArgumentException("a frame of " + bytes + " bytes; the limit is " + limits.maxBytes()
                    + " (FrameLimits.maxBytes), at the receiver perhaps less");
        }
        if (fds > limits.maxFds()) {
            throw new IllegalArgumentException("a frame with " + fds + " descriptors; the limit is " + limits.maxFds()
                    + " (FrameLimits.maxFds), at the receiver perhaps less");
        }
        if (bytes == 0 && fds == 0 && isSeqpacket) {
            throw new IllegalArgumentException(
                    "a frame of 0 bytes without descriptors, which on a UnixSeqpacket cannot be told"
                            + " from the end of the connection; send at least one byte, or a descriptor");
        }
        if (fds > FrameLimits.FDS_OF_A_MESSAGE && (framing == null || framing.isNulTerminated())) {
            throw new IllegalArgumentException("a frame with " + fds + " descriptors; "
                    + (framing == null ? "a packet carries at most " : "one that ends with NUL carries at most ")
                    + FrameLimits.FDS_OF_A_MESSAGE);
        }
    }

    private void checkContent(OutgoingFrame frame) {
        if (framing == null) {
            return;
        }
        if (framing.isNulTerminated()) {
            checkNoNul(frame);
        } else if (parser != null) {
            checkJson(parser, frame);
        }
    }

    private static void checkNoNul(OutgoingFrame frame) {
        long before = 0;
        for (int i = 0; i < frame.pieces(); i++) {
            ByteBuffer piece = frame.piece(i);
            for (int at = 0; at < piece.limit(); at++) {
                if (piece.get(at) == 0) {
                    throw new IllegalArgumentException("byte " + (before + at)
                            + " is NUL, which would end the frame there; a frame that ends with NUL has none in it");
                }
            }
            before += piece.limit();
        }
    }

    private static void checkJson(FrameParser parser, OutgoingFrame frame) {
        parser.reset();
        int before = 0;
        int end = FrameParser.INCOMPLETE;
        try {
            for (int i = 0; i < frame.pieces(); i++) {
                ByteBuffer piece = frame.piece(i);
                end = parser.find(piece, -before, piece.limit());
                before += piece.limit();
                checkBehind(parser, piece, Math.max(0, end < 0 ? piece.limit() : end - (before - piece.limit())));
            }
        } catch (FrameException e) {
            throw new IllegalArgumentException("what is to be sent cannot be received: " + e.getMessage(), e);
        }
        if (end < 0) {
            throw new IllegalArgumentException("what is to be sent is no whole JSON object: it ends in the middle");
        }
        if (parser.fds() != frame.fdCount()) {
            throw new IllegalArgumentException("the object says that it has " + parser.fds() + " descriptors; "
                    + frame.fdCount() + " are to be sent with it");
        }
    }

    private static void checkBehind(FrameParser parser, ByteBuffer piece, int from) {
        for (int at = from; at < piece.limit(); at++) {
            if (!parser.isFiller(piece.get(at))) {
                throw new IllegalArgumentException("more than one JSON object is to be sent as one frame");
            }
        }
    }

    /** The socket is closed. */
    void close() {
        if (spare != null) {
            spare.close();
        }
    }
}
