package dev.fdpass.frame;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Peer;
import dev.fdpass.ScmSocket;
import dev.fdpass.TryResult;
import dev.fdpass.internal.Timeouts;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Sends and receives frames over any socket: one send is one frame with its bytes and its descriptors, one receive is exactly
 * that frame and exactly its descriptors, however the kernel split or merged them.
 *
 * <pre>{@code
 * try (FramedChannel channel = FramedChannel.over(UnixStream.connect(address))) {   // takes the socket over
 *     channel.send(ByteBuffer.wrap(bytes), file, bell);                           // borrows both
 *     try (Frame frame = channel.receive()) {
 *         OwnedFd answer = frame.takeFd(0);                                       // now yours to close
 *     }                                                                           // closes what nobody took
 * }
 * }</pre>
 *
 * <p>and, where every allocation counts, {@link #send(FrameMessage)} and {@link #receive(FrameMessage)}. On a stream
 * {@link Framing} says how frames are told apart; on packet sockets a packet is a frame. On a {@link dev.fdpass.UnixSeqpacket}
 * one without bytes and descriptors, which the peer could not tell from the end, is refused; one that comes from elsewhere reads
 * as the end if the peer closes behind it.
 *
 * <p>A peer that does not keep to the protocol, or to the {@linkplain FrameLimits limits}, is cut: the receive throws
 * {@link FrameException}, the socket is closed, and so is every descriptor that came and that nobody has yet. That waits for
 * nobody, and touches no other channel.
 *
 * <p>Safe for use by several threads: many may send, a frame at a time, and many receive, each the next one; senders and
 * receivers do not get in each other's way. {@link #close} wakes threads that wait
 * ({@link java.nio.channels.AsynchronousCloseException}); interrupting one closes the channel
 * ({@link java.nio.channels.ClosedByInterruptException}). Once closed, everything throws {@link ClosedChannelException}. A
 * virtual thread parks while it waits.
 *
 * <p>With a {@link dev.fdpass.Poller}, which knows of the socket alone: once it is readable, receive with
 * {@link #tryReceive(FrameMessage)} until that says {@link TryResult#WOULD_BLOCK}, or frames that were taken along stay here
 * unseen. And wait no longer than {@link #timeToFinish}.
 *
 * <p>Man pages: {@code unix(7)}, {@code sendmsg(2)}, {@code recvmsg(2)}.
 */
public final class FramedChannel implements InterruptibleChannel, AsFd {
    private final ScmSocket socket;
    private final Framing framing;
    private final FrameLimits limits;
    private final FrameSender sender;
    private final FrameReceiver receiver;
    private final Turn sending;
    private final Turn receiving;
    private volatile long sendTimeout;
    private volatile long receiveTimeout;

    private FramedChannel(ScmSocket socket, Framing framing, FrameLimits limits) {
        this.socket = socket;
        this.framing = framing;
        this.limits = limits;
        sending = new Turn(socket);
        receiving = new Turn(socket);
        sender = new FrameSender(socket, framing, limits);
        receiver = new FrameReceiver(socket, framing, limits);
        sendTimeout = Timeouts.nanos(socket.sendTimeout());
        receiveTimeout = Timeouts.nanos(socket.receiveTimeout());
    }

    /**
     * A channel with {@linkplain Framing#lengthHeader length headers}, if the socket is a stream, and
     * {@linkplain FrameLimits#DEFAULT usual limits}.
     *
     * @param socket what to send and receive over. It belongs to the channel from now on: nobody else may send, receive or
     *     set timeouts on it. Its timeouts are those of the channel in the beginning
     * @return the channel
     */
    public static FramedChannel over(ScmSocket socket) {
        return over(socket, Framing.lengthHeader());
    }

    /**
     * A channel with {@linkplain FrameLimits#DEFAULT usual limits}.
     *
     * @param socket as for {@link #over(ScmSocket)}
     * @param framing how frames of a stream are told apart; on other sockets, where a packet is a frame, of no account
     * @return the channel
     */
    public static FramedChannel over(ScmSocket socket, Framing framing) {
        return over(socket, framing, FrameLimits.DEFAULT);
    }

    /**
     * A channel.
     *
     * @param socket as for {@link #over(ScmSocket)}
     * @param framing as for {@link #over(ScmSocket, Framing)}
     * @param limits what may be sent and received
     * @return the channel
     */
    public static FramedChannel over(ScmSocket socket, Framing framing, FrameLimits limits) {
        return new FramedChannel(
                Objects.requireNonNull(socket, "socket"),
                Objects.requireNonNull(framing, "framing"),
                Objects.requireNonNull(limits, "limits"));
    }

    // ---- Sending

    /**
     * Sends the remaining bytes of a buffer and any number of descriptors as one frame. If it fails after a part of the frame
     * has gone, this channel can send no more ({@link FrameException.Reason#HALF_SENT}); {@link #send(FrameMessage)} can go
     * on.
     *
     * @param bytes what to send; its position moves to its limit once all has gone
     * @param fds as many descriptors as the limits allow; at most 253 in a packet or in a frame that ends with NUL. They are
     *     borrowed, and must stay open until this returns. To close one meanwhile does not wait for the receiver; it ends
     *     sending on this channel if there are more than 253 and some have gone
     * @throws IllegalArgumentException if that is no frame that the framing and the limits allow, or one of the descriptors is
     *     closed
     * @throws SocketTimeoutException if the {@linkplain #setSendTimeout send timeout} is over
     * @throws FrameException if an earlier frame was sent in part
     * @throws IOException as for {@link ScmSocket#send(dev.fdpass.ScmMessage)}
     */
    public void send(ByteBuffer bytes, AsFd... fds) throws IOException {
        long timeout = sendTimeout;
        try {
            long left = sending.begin(timeout);
            try {
                sender.send(bytes, fds, left);
            } catch (SocketTimeoutException e) {
                throw sender.timedOut(timeout, e);
            } finally {
                sending.end();
            }
        } finally {
            letGoIfClosed();
        }
    }

    /**
     * Sends a frame, all of it, or the rest of one that was sent in part.
     *
     * @param message what to send; it keeps its content
     * @throws IllegalArgumentException if that is no frame that the framing and the limits allow, or one of the descriptors is
     *     closed
     * @throws IllegalStateException if it holds what it received, or was sent in part on another channel
     * @throws SocketTimeoutException if the {@linkplain #setSendTimeout send timeout} is over. If
     *     {@link FrameMessage#isPartlySent()}, send it again, which goes on where it stopped; others cannot send meanwhile
     * @throws FrameException if another frame was sent in part
     * @throws IOException as for {@link ScmSocket#send(dev.fdpass.ScmMessage)}
     */
    public void send(FrameMessage message) throws IOException {
        boolean unused = send(message, sendTimeout);
    }

    /**
     * Sends what goes of a frame without waiting.
     *
     * @param message what to send
     * @return whether all went. If not, nothing went, or a part: {@link FrameMessage#isPartlySent()}
     * @throws IOException as for {@link #send(FrameMessage)}
     */
    public boolean trySend(FrameMessage message) throws IOException {
        return send(message, Turn.TRY);
    }

    private boolean send(FrameMessage message, long timeout) throws IOException {
        OutgoingFrame frame = message.enterToSend();
        try {
            long left = sending.begin(timeout);
            if (left == Turn.NOT_YET) {
                return false;
            }
            try {
                return sender.send(frame, left);
            } catch (SocketTimeoutException e) {
                throw sender.timedOut(timeout, e);
            } finally {
                sending.end();
            }
        } finally {
            endUse(message);
        }
    }

    // ---- Receiving

    /**
     * Receives a frame.
     *
     * @return the frame, to be closed; at the end of the stream {@link Frame#isEndOfStream()}
     * @throws SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over; what has come of
     *     a frame is kept, and the next receive goes on
     * @throws FrameException if the peer was cut
     * @throws IOException as for {@link ScmSocket#receive(dev.fdpass.ScmMessage)}
     */
    public Frame receive() throws IOException {
        return receive(receiveTimeout).orElseThrow();
    }

    /**
     * Receives a frame if that goes without waiting.
     *
     * @return the frame, to be closed, the end of the stream included; empty if none is there in full, or another thread
     *     receives
     * @throws IOException as for {@link #receive()}
     */
    public Optional<Frame> tryReceive() throws IOException {
        return receive(Turn.TRY);
    }

    private Optional<Frame> receive(long timeout) throws IOException {
        try {
            long left = receiving.begin(timeout);
            if (left == Turn.NOT_YET) {
                return Optional.empty();
            }
            try {
                return switch (receiver.await(left, timeout)) {
                    case DONE -> Optional.of(Frame.take(receiver));
                    case END_OF_STREAM -> Optional.of(Frame.ofEnd());
                    case WOULD_BLOCK -> Optional.empty();
                };
            } finally {
                receiving.end();
            }
        } finally {
            letGoIfClosed();
        }
    }

    /**
     * Receives a frame. Descriptors of the previous one that nobody took are closed.
     *
     * @param message where to
     * @return whether one came; false at the end of the stream
     * @throws IllegalStateException if the message is sent in part
     * @throws SocketTimeoutException as for {@link #receive()}
     * @throws FrameException if the peer was cut
     * @throws IOException as for {@link #receive()}
     */
    public boolean receive(FrameMessage message) throws IOException {
        return receive(message, receiveTimeout) == TryResult.DONE;
    }

    /**
     * Receives a frame if that goes without waiting.
     *
     * @param message where to; with {@link TryResult#WOULD_BLOCK} it is left as {@link FrameMessage#clear} leaves it, ready to
     *     send with it
     * @return how it ended; {@link TryResult#WOULD_BLOCK} also if another thread receives
     * @throws IOException as for {@link #receive(FrameMessage)}
     */
    public TryResult tryReceive(FrameMessage message) throws IOException {
        return receive(message, Turn.TRY);
    }

    private TryResult receive(FrameMessage message, long timeout) throws IOException {
        message.enterToReceive();
        try {
            long left = receiving.begin(timeout);
            if (left == Turn.NOT_YET) {
                return TryResult.WOULD_BLOCK;
            }
            try {
                TryResult result = receiver.await(left, timeout);
                if (result == TryResult.DONE) {
                    message.take(receiver);
                } else if (result == TryResult.END_OF_STREAM) {
                    message.ended();
                }
                return result;
            } finally {
                receiving.end();
            }
        } finally {
            endUse(message);
        }
    }

    /**
     * Takes what was taken along behind the last frame that was received, as it came, with its descriptors, and asks the kernel
     * for nothing: for a connection on which another protocol begins. To go on with that,
     * {@linkplain dev.fdpass.OwnedFd#duplicate duplicate} the descriptor of the channel, and close the channel.
     *
     * <p>The descriptors are in the order in which they came; with which of the bytes is not known any more. A protocol that
     * begins in the middle of a connection should have none before its first answer.
     *
     * @param message where to; {@link FrameMessage#bytes} is zero if there is nothing
     * @throws IllegalStateException if the message is sent in part
     * @throws IOException if the channel is closed
     */
    public void receiveRest(FrameMessage message) throws IOException {
        message.enterToReceive();
        try {
            long unused = receiving.begin(receiveTimeout);
            try {
                message.takeRest(receiver);
            } finally {
                receiving.end();
            }
        } finally {
            endUse(message);
        }
    }

    // ---- The end of every send and receive

    private void endUse(FrameMessage message) {
        try {
            letGoIfClosed();
        } finally {
            message.exit();
        }
    }

    /**
     * Whatever closed the socket, an interrupt perhaps: what had come is not kept until somebody calls {@link #close}. Who has
     * the turn to receive meanwhile, comes by here behind it.
     */
    private void letGoIfClosed() {
        if (!socket.isOpen() && receiving.tryBeginToEnd()) {
            try {
                receiver.close();
            } finally {
                receiving.end();
            }
        }
    }

    /**
     * How much longer what has come of a frame may wait for the rest ({@link FrameLimits#maxUnfinished}), as the last receive
     * left it. For who waits with a {@link dev.fdpass.Poller}: wait no longer than that, and then try to receive also if
     * nothing came; that cuts a peer whose time is over.
     *
     * <pre>{@code
     * poller.await(channel.timeToFinish().orElse(Duration.ZERO));  // zero is as long as it takes
     * while (channel.tryReceive(message) == TryResult.DONE) {
     *     // …
     * }
     * }</pre>
     *
     * <p>Never waits; any thread may ask.
     *
     * @return more than zero, even if the time is over; empty if nothing is unfinished, or it may stay so for as long as it
     *     takes, or the channel is closed; always on packet sockets
     */
    public Optional<Duration> timeToFinish() {
        long left = receiver.patience().left();
        return left == Long.MAX_VALUE || !isOpen()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(1, left)));
    }

    // ---- Settings and questions

    /**
     * How long a send waits, from its beginning until all of the frame has gone.
     *
     * @param timeout zero for as long as it takes
     */
    public void setSendTimeout(Duration timeout) {
        sendTimeout = Timeouts.nanos(timeout);
    }

    /** {@return how long a send waits; zero for as long as it takes} */
    public Duration sendTimeout() {
        return Duration.ofNanos(sendTimeout);
    }

    /**
     * How long a receive waits, from its beginning until a frame is there in full. How long a frame may take once it has begun,
     * {@link FrameLimits#maxUnfinished} says.
     *
     * @param timeout zero for as long as it takes
     */
    public void setReceiveTimeout(Duration timeout) {
        receiveTimeout = Timeouts.nanos(timeout);
    }

    /** {@return how long a receive waits; zero for as long as it takes} */
    public Duration receiveTimeout() {
        return Duration.ofNanos(receiveTimeout);
    }

    /**
     * Ends sending: the peer finds the end of the stream once it has received the rest. Waits for frames that other threads are
     * sending, so that the end is not in the middle of one. To give up a peer that takes nothing, {@link #close}.
     *
     * @throws SocketTimeoutException if the {@linkplain #setSendTimeout send timeout} is over; nothing has changed
     * @throws IOException if the channel is closed
     */
    public void shutdownOutput() throws IOException {
        try {
            long unused = sending.begin(sendTimeout);
            try {
                socket.shutdownOutput();
            } finally {
                sending.end();
            }
        } finally {
            letGoIfClosed();
        }
    }

    /** {@return who made the other end} */
    public Peer peer() {
        return socket.peer();
    }

    /** {@return how frames of a stream are told apart} */
    public Framing framing() {
        return framing;
    }

    /** {@return what may be sent and received} */
    public FrameLimits limits() {
        return limits;
    }

    /** {@return the descriptor behind the socket, for a {@link dev.fdpass.Poller}} */
    @Override
    public OwnedFd asFd() {
        return socket.asFd();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    /**
     * Closes the socket, and descriptors that came and that nobody has yet; wakes threads that wait. Further calls do nothing.
     */
    @Override
    public void close() throws IOException {
        try {
            socket.close();
        } finally {
            receiving.beginToEnd();
            try {
                receiver.close();
            } finally {
                receiving.end();
            }
            sending.beginToEnd();
            try {
                sender.close();
            } finally {
                sending.end();
            }
        }
    }

    /** The socket and the framing, for people. */
    @Override
    public String toString() {
        return "FramedChannel[" + socket + ", " + framing + "]";
    }
}
