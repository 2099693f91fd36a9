package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Peer;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameLimits;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends and receives messages with descriptors inside: records, whose components may be an {@link OwnedFd}, an
 * {@link dev.fdpass.EventFd}, a {@link dev.fdpass.memory.SharedMemory}, a {@link dev.fdpass.PidFd}, a socket, a listener or a
 * tube, or lists, maps and optionals of them, beside ordinary data.
 *
 * <pre>{@code
 * sealed interface ToWorker permits Open, Ping {}
 * record Open(String name, OwnedFd file, Map<String, OwnedFd> more) implements ToWorker {}
 * record Ping() implements ToWorker {}
 *
 * try (var tube = Tube.over(socket, ToWorker.class, FromWorker.class)) {   // takes the socket over
 *     tube.send(new Open("log", file, Map.of()));                          // borrows the file
 *     switch (tube.receive()) {                                            // what is in it is yours to close
 *         case Opened opened -> …
 *         case Failed failed -> …
 *     }
 * }
 * }</pre>
 *
 * <p>A message is a record, an enum, or a sealed interface of those. It is sent as a frame ({@link dev.fdpass.frame}), and has
 * exactly the descriptors that it came with. <b>Sending borrows</b>: the descriptors stay open and the sender's. <b>Receiving
 * owns</b>: those in a received message are the receiver's to close, one by one or with {@link Descriptors#closeAll}; one that
 * is forgotten is closed by a cleaner, with a warning.
 *
 * <p><b>A received descriptor is what its type says</b>: an {@code EventFd} is one, a {@code SharedMemory} is sealed against
 * shrinking, sockets and listeners are of their type; an {@code OwnedFd} can be anything, which
 * {@link dev.fdpass.Expect#isMetBy} tells. Anything else is a {@link MessageException}, and so is a message of which each
 * descriptor is not named exactly once. All descriptors of such a message are closed, and the tube goes on with the next. A
 * peer that does not keep to the framing or its {@linkplain FrameLimits limits} is cut
 * ({@link dev.fdpass.frame.FrameException}).
 *
 * <p><b>A tube can travel through a tube</b>, as its socket: what the receiver gets is another tube with the same other end.
 * The sender's own is closed as usual. Over a stream it may not have received anything before, since a receive from a stream
 * may take along parts of the next messages; nor may a send have timed out, which can leave a part of a message behind.
 *
 * <p>Safe for use by several threads, as {@link dev.fdpass.frame.FramedChannel} is: many may send and receive. Interrupting one
 * that waits closes the tube. A virtual thread parks.
 *
 * @param <S> what is sent
 * @param <R> what is received
 */
public final class Tube<S, R> implements InterruptibleChannel, AsFd {
    private final Conversation<S, R> conversation;
    private volatile boolean hasReceived;
    /** Whether a send has stopped, with a part of the message gone perhaps. */
    private volatile boolean mayBeHalfSent;

    private Tube(Conversation<S, R> conversation) {
        this.conversation = conversation;
    }

    /**
     * A tube with {@linkplain FrameLimits#DEFAULT usual limits}, whose messages are {@linkplain JacksonCodec#json() JSON}.
     *
     * @param <S> what is sent
     * @param <R> what is received
     * @param socket a connected socket of any type, which belongs to the tube from now on; on an error it stays open and
     *     yours. Packets are limited by the socket's buffer, some 200 KiB; streams are not
     * @param sent class of what is sent
     * @param received class of what is received
     * @return the tube
     * @throws IllegalArgumentException if one of the classes cannot be a message; it says which part of it, and why
     */
    public static <S, R> Tube<S, R> over(ScmSocket socket, Class<S> sent, Class<R> received) {
        return over(socket, sent, received, Terms.USUAL);
    }

    /**
     * A tube.
     *
     * @param <S> what is sent
     * @param <R> what is received
     * @param socket as for {@link #over(ScmSocket, Class, Class)}
     * @param sent class of what is sent
     * @param received class of what is received
     * @param limits bytes and descriptors of a message, and more
     * @param codec what messages look like on the way; the peer must use the same
     * @return the tube
     * @throws IllegalArgumentException as for {@link #over(ScmSocket, Class, Class)}
     */
    public static <S, R> Tube<S, R> over(
            ScmSocket socket, Class<S> sent, Class<R> received, FrameLimits limits, MessageCodec codec) {
        return over(socket, sent, received, new Terms(limits, codec));
    }

    private static <S, R> Tube<S, R> over(ScmSocket socket, Class<S> sent, Class<R> received, Terms terms) {
        return new Tube<>(new Conversation<>(socket, sent, received, terms));
    }

    /**
     * Two tubes over a pair of {@link UnixSeqpacket}s, one of which may travel.
     *
     * @param <S> what the first sends and the second receives
     * @param <R> what the second sends and the first receives
     * @param first class of what the first sends
     * @param second class of what the second sends
     * @return both ends
     * @throws IllegalArgumentException as for {@link #over(ScmSocket, Class, Class)}
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static <S, R> TubePair<S, R> pair(Class<S> first, Class<R> second) throws IOException {
        SocketPair<UnixSeqpacket> sockets = UnixSeqpacket.pair();
        try {
            return new TubePair<>(over(sockets.first(), first, second), over(sockets.second(), second, first));
        } catch (Throwable t) {
            try (sockets) {
                throw t;
            }
        }
    }

    /**
     * Sends a message, and borrows its descriptors for that long.
     *
     * @param message the message
     * @throws IllegalArgumentException if it cannot be encoded, is beyond the limits, or has a descriptor that is closed or
     *     that the receiver would refuse; nothing was sent
     * @throws SocketTimeoutException if the {@linkplain #setSendTimeout send timeout} is over. On a stream a part of
     *     it may have gone, and then nothing else can be sent
     * @throws IOException as for {@link dev.fdpass.frame.FramedChannel#send(java.nio.ByteBuffer, AsFd...)}
     */
    public void send(S message) throws IOException {
        Conversation.Outgoing frame = new Conversation.Outgoing();
        conversation.encode(message, frame);
        try {
            conversation.send(frame);
        } catch (SocketTimeoutException e) {
            mayBeHalfSent = true;
            throw e;
        }
    }

    /**
     * Receives a message.
     *
     * @return the message; its descriptors are the caller's to close
     * @throws EOFException if the peer has closed its end, and nothing will come any more
     * @throws MessageException if what came is no message of this type; its descriptors are closed, and the next receive goes
     *     on
     * @throws SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over
     * @throws IOException as for {@link dev.fdpass.frame.FramedChannel#receive()}
     */
    public R receive() throws IOException {
        hasReceived = true;
        return decode(conversation.channel().receive());
    }

    /**
     * Receives a message if that goes without waiting.
     *
     * @return the message; empty if none is there in full, or another thread receives
     * @throws IOException as for {@link #receive()}
     */
    public Optional<R> tryReceive() throws IOException {
        hasReceived = true;
        Optional<Frame> frame = conversation.channel().tryReceive();
        return frame.isEmpty() ? Optional.empty() : Optional.of(decode(frame.get()));
    }

    private R decode(Frame received) throws IOException {
        try (Frame frame = received) {
            if (frame.isEndOfStream()) {
                throw new EOFException("the peer has closed its end of the tube");
            }
            return conversation.decode(frame);
        }
    }

    /** A tube is sent as its socket: what was taken out of that already would be missing, and the rest of what was begun. */
    void checkMayTravel() {
        if (!(conversation.socket() instanceof UnixStream)) {
            return;
        }
        if (mayBeHalfSent) {
            throw new IllegalArgumentException(this
                    + " may have stopped in the middle of a message, since a send took too long; whoever gets it could not"
                    + " send the rest. Close it, and make another");
        }
        if (hasReceived) {
            throw new IllegalArgumentException(
                    this + " has received from its stream already, and may hold parts of its next"
                            + " messages; send a tube before it receives, or use one over a UnixSeqpacket");
        }
    }

    /**
     * How long a send waits.
     *
     * @param timeout zero for as long as it takes
     */
    public void setSendTimeout(Duration timeout) {
        conversation.channel().setSendTimeout(timeout);
    }

    /**
     * How long a receive waits.
     *
     * @param timeout zero for as long as it takes
     */
    public void setReceiveTimeout(Duration timeout) {
        conversation.channel().setReceiveTimeout(timeout);
    }

    /**
     * Ends sending: the peer finds the end once it has received the rest.
     *
     * @throws IOException if the tube is closed
     */
    public void shutdownOutput() throws IOException {
        conversation.channel().shutdownOutput();
    }

    /**
     * How much longer what has come of a message may wait for the rest ({@link FrameLimits#maxUnfinished}). For who waits with a
     * {@link dev.fdpass.Poller}: wait no longer than that, and then {@link #tryReceive} also if nothing came; that cuts a peer
     * whose time is over.
     *
     * @return as {@link dev.fdpass.frame.FramedChannel#timeToFinish}
     */
    public Optional<Duration> timeToFinish() {
        return conversation.channel().timeToFinish();
    }

    /** {@return who made the other end} */
    public Peer peer() {
        return conversation.channel().peer();
    }

    /** {@return the descriptor of its socket; for a {@link dev.fdpass.Poller}, with {@link #tryReceive} until it is empty, and
     * waits no longer than {@link #timeToFinish}} */
    @Override
    public OwnedFd asFd() {
        return conversation.channel().asFd();
    }

    @Override
    public boolean isOpen() {
        return conversation.channel().isOpen();
    }

    /** Closes the socket, and descriptors of messages that nobody has received; wakes threads that wait. */
    @Override
    public void close() throws IOException {
        conversation.channel().close();
    }

    /** Its socket, for people. */
    @Override
    public String toString() {
        return "Tube[" + conversation.socket() + "]";
    }
}
