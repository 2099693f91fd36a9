package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.Peer;
import dev.fdpass.ScmSocket;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameException;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of a {@link RequestTube}.
 *
 * <pre>{@code
 * try (var tube = ReplyTube.over(socket, ToWorker.class, FromWorker.class)) {
 *     tube.serve(64, request -> {                       // so many at once, each in a virtual thread
 *         switch (request.message()) {
 *             case Open open -> {
 *                 try (OwnedFd log = …) {
 *                     request.reply(new Opened(log));   // borrows it
 *                 }
 *             }
 *             case Ping ping -> request.reply(new Pong());
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p>For messages, descriptors and limits see {@link Tube}. What is in a request belongs to who received it; what is in a reply
 * is borrowed. A request that cannot be decoded is answered with a failure that says why, and never seen here.
 *
 * <p>A peer that asks and does not read the answers makes sending wait: set a {@linkplain #setSendTimeout timeout} where it is
 * not trusted. {@link #serve} closes the tube if neither an answer nor a failure could be sent in that time.
 *
 * <p>Safe for use by several threads, as {@link Tube} is; requests can be answered in any order.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
public final class ReplyTube<Q, A> implements InterruptibleChannel, AsFd {
    private static final System.Logger LOGGER = System.getLogger("dev.fdpass.tube");

    /** What is told of failures that are nobody else's business. */
    private static final String INTERNAL_ERROR = "the service has failed; its log says why";

    private final Conversation<A, Q> conversation;
    private final int maxBytes;
    /** Why {@link #serve} has closed the tube. */
    private volatile @Nullable IOException unanswerable;

    /**
     * What answers requests.
     *
     * @param <Q> what is asked
     * @param <A> what is answered
     */
    @FunctionalInterface
    public interface Handler<Q, A> {
        /**
         * Answers a request. The descriptors in it are the handler's to close.
         *
         * @param request the request; if it is not answered in the end, the peer is told a failure
         * @throws RequestFailedException to answer with that failure; who asked gets it as well
         * @throws Exception if it fails otherwise: who asked is told no more than that, and the {@code dev.fdpass.tube} logger why
         */
        void handle(Request<Q, A> request) throws Exception;
    }

    private ReplyTube(Conversation<A, Q> conversation, int maxBytes) {
        this.conversation = conversation;
        this.maxBytes = maxBytes;
    }

    /**
     * A tube with {@linkplain FrameLimits#DEFAULT usual limits}, whose messages are {@linkplain JacksonCodec#json() JSON}.
     *
     * @param <Q> what is asked
     * @param <A> what is answered
     * @param socket a connected socket of any type, which belongs to the tube from now on; on an error it stays open and yours
     * @param request class of what is asked
     * @param reply class of what is answered
     * @return the tube
     * @throws IllegalArgumentException if one of the classes cannot be a message; it says which part of it, and why
     */
    public static <Q, A> ReplyTube<Q, A> over(ScmSocket socket, Class<Q> request, Class<A> reply) {
        return over(socket, request, reply, Terms.USUAL);
    }

    /**
     * A tube.
     *
     * @param <Q> what is asked
     * @param <A> what is answered
     * @param socket as for {@link #over(ScmSocket, Class, Class)}
     * @param request class of what is asked
     * @param reply class of what is answered
     * @param limits bytes and descriptors of a message, and more
     * @param codec what messages look like on the way; the peer must use the same
     * @return the tube
     * @throws IllegalArgumentException as for {@link #over(ScmSocket, Class, Class)}, or if no message can be within the limits
     */
    public static <Q, A> ReplyTube<Q, A> over(
            ScmSocket socket, Class<Q> request, Class<A> reply, FrameLimits limits, MessageCodec codec) {
        return over(socket, request, reply, Terms.ofRequests(limits, codec));
    }

    private static <Q, A> ReplyTube<Q, A> over(ScmSocket socket, Class<Q> request, Class<A> reply, Terms terms) {
        return new ReplyTube<>(
                new Conversation<>(socket, reply, request, terms),
                terms.limits().maxBytes());
    }

    /**
     * Receives a request.
     *
     * @return the request, to be answered by any thread, now or later
     * @throws EOFException if the peer has closed its end, and nothing will come any more
     * @throws MessageException if what came is no request at all; the next receive goes on
     * @throws java.net.SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over, or a failure for
     *     a request that could not be decoded cannot be sent in time
     * @throws IOException as for {@link FramedChannel#receive()}
     */
    public Request<Q, A> receive() throws IOException {
        while (true) {
            try (Frame frame = channel().receive()) {
                if (frame.isEndOfStream()) {
                    throw new EOFException("the peer has closed its end of the tube");
                }
                long id = idOfRequest(frame);
                try {
                    return new Request<>(this, id, conversation.decode(frame));
                } catch (MessageException e) {
                    fail(id, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private static long idOfRequest(Frame frame) throws IOException {
        try {
            Envelope envelope = Envelope.readFrom(frame);
            if (envelope.kind() != Envelope.REQUEST) {
                throw envelope.unexpected();
            }
            return envelope.id();
        } catch (MessageException e) {
            frame.closeAside();
            throw e;
        }
    }

    /**
     * Receives and answers requests until the peer closes its end, and then waits for the last answers.
     *
     * @param atOnce how many are answered at the same time, each in a virtual thread of its own, 1 or more; the next ones wait
     *     in the socket
     * @param handler what answers them
     * @throws IOException as for {@link #receive}, but for the end; or if a peer that does not read its answers was cut, since
     *     none could be sent any more. Handlers that run are waited for
     */
    public void serve(int atOnce, Handler<Q, A> handler) throws IOException {
        if (atOnce < 1) {
            throw new IllegalArgumentException(atOnce + " requests at once; give 1 or more");
        }
        Semaphore free = new Semaphore(atOnce);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (true) {
                free.acquireUninterruptibly();
                Request<Q, A> request = receive();
                boolean isStarted = false;
                try {
                    threads.execute(() -> {
                        try {
                            answer(request, handler);
                        } finally {
                            free.release();
                        }
                    });
                    isStarted = true;
                } finally {
                    if (!isStarted) {
                        Descriptors.closeAll(request.message());
                    }
                }
            }
        } catch (EOFException e) {
            // All is answered.
        } catch (ClosedChannelException e) {
            IOException why = unanswerable;
            throw why == null ? e : new IOException("requests cannot be answered any more: " + why.getMessage(), why);
        }
    }

    private void answer(Request<Q, A> request, Handler<Q, A> handler) {
        String why = "the request was not answered";
        try {
            handler.handle(request);
        } catch (Throwable t) {
            why = reason(request, t);
        }
        // An interrupt was for the handler, and would close the tube in what follows.
        boolean unused = Thread.interrupted();
        if (!request.isAnswered()) {
            fail(request, why);
        }
    }

    /** What who asked is told. Messages name paths and whatever else is nobody's business, so it is only what is meant for him. */
    private static String reason(Request<?, ?> request, Throwable failure) {
        if (failure instanceof RequestFailedException) {
            return String.valueOf(failure.getMessage());
        }
        boolean isGone = failure == request.unsent() && isAboutWhoAsked(failure);
        LOGGER.log(isGone ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, "a handler has failed", failure);
        return INTERNAL_ERROR;
    }

    /** Whether an answer was not sent because nobody takes it; not because there can be no such answer. */
    private static boolean isAboutWhoAsked(Throwable unsent) {
        return !(unsent instanceof ErrnoException e)
                || e.name().equals("EPIPE")
                || e.name().equals("ECONNRESET");
    }

    private void fail(Request<Q, A> request, String why) {
        try {
            request.fail(why);
        } catch (IllegalStateException e) {
            // Somebody else has answered it meanwhile.
        } catch (FrameException | SocketTimeoutException e) {
            unanswerable = e; // or the peer would wait for its answer for ever
            asFd().closeAside();
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "a failure cannot be sent", e);
            endSending();
        }
    }

    /** Who asked must not wait for an answer that will never come: it finds the end. */
    private void endSending() {
        try {
            channel().shutdownOutput();
        } catch (IOException e) {
            // It is gone, or this is closed.
        }
    }

    void reply(long id, A message) throws IOException {
        Conversation.Outgoing frame = new Conversation.Outgoing();
        new Envelope(Envelope.REPLY, id).writeTo(frame);
        conversation.encode(message, frame);
        conversation.send(frame);
    }

    void fail(long id, String why) throws IOException {
        conversation.send(Envelope.failure(id, why, maxBytes));
    }

    private FramedChannel channel() {
        return conversation.channel();
    }

    /**
     * How long sending an answer waits.
     *
     * @param timeout zero for as long as it takes
     */
    public void setSendTimeout(Duration timeout) {
        channel().setSendTimeout(timeout);
    }

    /**
     * How long a receive waits.
     *
     * @param timeout zero for as long as it takes
     */
    public void setReceiveTimeout(Duration timeout) {
        channel().setReceiveTimeout(timeout);
    }

    /** {@return who made the other end} */
    public Peer peer() {
        return channel().peer();
    }

    /** {@return the descriptor of its socket} */
    @Override
    public OwnedFd asFd() {
        return channel().asFd();
    }

    @Override
    public boolean isOpen() {
        return channel().isOpen();
    }

    /** Closes the socket, and descriptors of requests that nobody has received; wakes threads that wait. */
    @Override
    public void close() throws IOException {
        channel().close();
    }

    /** Its socket, for people. */
    @Override
    public String toString() {
        return "ReplyTube[" + conversation.socket() + "]";
    }
}
