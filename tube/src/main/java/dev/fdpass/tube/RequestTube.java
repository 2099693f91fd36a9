package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Peer;
import dev.fdpass.ScmSocket;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.internal.Timeouts;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks, and waits for the answer: requests and replies over one socket, with numbers by which each reply finds its request. At
 * the other end is a {@link ReplyTube}.
 *
 * <pre>{@code
 * try (var tube = RequestTube.over(socket, ToWorker.class, FromWorker.class)) {
 *     switch (tube.request(Duration.ofSeconds(5), new Open("log", file, Map.of()))) { … }
 * }
 * }</pre>
 *
 * <p>For messages, descriptors and limits see {@link Tube}: sending borrows, and what is in a reply belongs to who asked.
 *
 * <p>Safe for use by any number of threads, each of which gets the reply to its own request, in whatever order they come. A
 * virtual thread, of each tube one, receives them. Virtual threads that wait park. Interrupting one that waits for its answer ends
 * its waiting alone ({@link InterruptedIOException}); in the middle of sending it closes the tube, as it does with every channel
 * ({@link ClosedByInterruptException}).
 *
 * <p>A reply that comes too late is dropped and its descriptors are closed. Once the peer closes, or does not keep to the
 * protocol, all requests fail, those that wait and those to come.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
public final class RequestTube<Q, A> implements InterruptibleChannel, AsFd {
    private final Conversation<Q, A> conversation;
    /** Who removes a request from here completes it, or gives it up. */
    private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

    private final AtomicLong lastId = new AtomicLong();
    private final RequestSender sender;
    private volatile Duration requestTimeout = Duration.ZERO;
    /** Why no reply will come any more. */
    private volatile @Nullable IOException end;

    private record Reply(Envelope envelope, Frame frame) {}

    private RequestTube(Conversation<Q, A> conversation) {
        this.conversation = conversation;
        sender = new RequestSender(conversation.channel());
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
    public static <Q, A> RequestTube<Q, A> over(ScmSocket socket, Class<Q> request, Class<A> reply) {
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
    public static <Q, A> RequestTube<Q, A> over(
            ScmSocket socket, Class<Q> request, Class<A> reply, FrameLimits limits, MessageCodec codec) {
        return over(socket, request, reply, Terms.ofRequests(limits, codec));
    }

    private static <Q, A> RequestTube<Q, A> over(ScmSocket socket, Class<Q> request, Class<A> reply, Terms terms) {
        RequestTube<Q, A> tube = new RequestTube<>(new Conversation<>(socket, request, reply, terms));
        tube.channel().setReceiveTimeout(Duration.ZERO);
        Thread.ofVirtual().name("replies of " + tube).start(tube::receiveAll);
        return tube;
    }

    private FramedChannel channel() {
        return conversation.channel();
    }

    /**
     * How long a request waits, from its beginning until its answer is there, if it does not say so itself.
     *
     * @param timeout zero, as in the beginning, for as long as it takes
     */
    public void setRequestTimeout(Duration timeout) {
        requestTimeout = Timeouts.check(timeout);
    }

    /** {@return how long a request waits for its answer; zero for as long as it takes} */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /**
     * Asks, and waits for the answer as long as {@linkplain #setRequestTimeout was set}.
     *
     * @param message what is asked; its descriptors are borrowed until it is sent
     * @return the answer; its descriptors are the caller's to close
     * @throws RequestFailedException if the peer has answered with a failure
     * @throws IOException as for {@link #request(Duration, Object)}
     */
    public A request(Q message) throws IOException {
        return request(requestTimeout, message);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param timeout how long until the answer must be there, from now on, sending included; zero for as long as it takes
     * @param message what is asked; its descriptors are borrowed until it is sent
     * @return the answer; its descriptors are the caller's to close
     * @throws IllegalArgumentException as for {@link Tube#send}; nothing was sent
     * @throws RequestFailedException if the peer has answered with a failure
     * @throws SocketTimeoutException if the time is over. The request may be under way; its reply will be dropped. If on a
     *     stream a part of it has gone, the rest follows, before any other request
     * @throws InterruptedIOException if the thread is interrupted while it waits for the answer or for its turn; the tube goes
     *     on, as after a timeout
     * @throws ClosedByInterruptException if it is interrupted in the middle of sending, which closes the tube
     * @throws MessageException if what was answered is no such message; its descriptors are closed, and the tube goes on
     * @throws EOFException if the peer has closed its end
     * @throws ClosedChannelException if this tube is closed, or becomes so
     * @throws IOException if the tube has failed
     */
    public A request(Duration timeout, Q message) throws IOException {
        long nanos = Timeouts.nanos(timeout);
        boolean isForever = nanos == 0;
        long deadline = System.nanoTime() + (isForever ? Timeouts.LONGEST.toNanos() : nanos);
        long id = lastId.incrementAndGet();
        Conversation.Outgoing frame = new Conversation.Outgoing();
        new Envelope(Envelope.REQUEST, id).writeTo(frame);
        conversation.encode(message, frame);

        CompletableFuture<Reply> future = new CompletableFuture<>();
        waiting.put(id, future);
        boolean isAnswered = false;
        try {
            checkGoesOn(); // only now: whoever ends it looks for waiting ones after saying so
            sender.send(frame, isForever, deadline);
            Reply reply = await(future, deadline, timeout);
            isAnswered = true;
            return read(reply);
        } finally {
            if (!isAnswered) {
                giveUp(id, future);
            }
        }
    }

    private Reply await(CompletableFuture<Reply> future, long deadline, Duration timeout) throws IOException {
        try {
            return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no reply within " + timeout);
        } catch (InterruptedException e) {
            throw RequestSender.interrupted("interrupted while waiting for the answer", e);
        } catch (ExecutionException e) {
            throw ended();
        }
    }

    /** Nobody waits for this one any more. If its reply is there at this very moment, its descriptors are closed. */
    private void giveUp(long id, CompletableFuture<Reply> future) throws IOException {
        if (waiting.remove(id) == null && !future.isCompletedExceptionally()) {
            // Whoever has removed it completes it at once.
            Reply late = future.exceptionally(e -> null).join();
            if (late != null) {
                late.frame().closeAside();
            }
        }
    }

    private A read(Reply reply) throws IOException {
        try (Frame frame = reply.frame()) {
            if (reply.envelope().kind() == Envelope.FAILURE) {
                String why = Envelope.text(frame);
                frame.closeAside();
                throw new RequestFailedException(why);
            }
            return conversation.decode(frame);
        }
    }

    // ---- The thread that receives

    private void receiveAll() {
        IOException why;
        try {
            while (true) {
                Frame frame = channel().receive();
                if (frame.isEndOfStream()) {
                    why = new EOFException("the peer has closed its end of the tube");
                    break;
                }
                deliver(frame);
            }
        } catch (IOException e) {
            why = e;
        } catch (RuntimeException | Error e) {
            why = new IOException("the tube has failed: " + e, e);
        }
        end(why);
    }

    private void deliver(Frame frame) throws IOException {
        boolean isDelivered = false;
        try {
            Envelope envelope = Envelope.readFrom(frame);
            if (envelope.kind() != Envelope.REPLY && envelope.kind() != Envelope.FAILURE) {
                throw envelope.unexpected();
            }
            Reply reply = new Reply(envelope, frame); // first: who is removed must be completed, memory or not
            CompletableFuture<Reply> future = waiting.remove(envelope.id());
            isDelivered = future != null && future.complete(reply);
        } finally {
            if (!isDelivered) {
                frame.closeAside();
            }
        }
    }

    private void end(IOException why) {
        end = why;
        try {
            channel().close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        for (Long id : List.copyOf(waiting.keySet())) {
            CompletableFuture<Reply> future = waiting.remove(id);
            if (future != null) {
                future.completeExceptionally(why);
            }
        }
        sender.close();
    }

    private void checkGoesOn() throws IOException {
        if (end != null) {
            throw ended();
        }
    }

    /** Why it has ended, for one of those who asked. */
    private IOException ended() {
        IOException why = Objects.requireNonNull(end);
        IOException exception = switch (why) {
            case AsynchronousCloseException e -> new AsynchronousCloseException();
            case ClosedChannelException e -> new ClosedChannelException();
            case EOFException e -> new EOFException(e.getMessage());
            default -> new IOException("the tube has ended: " + why.getMessage());
        };
        exception.initCause(why);
        return exception;
    }

    // ---- Questions, and the end

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

    /** Closes the socket; requests that wait throw {@link AsynchronousCloseException}. */
    @Override
    public void close() throws IOException {
        channel().close();
    }

    /** Its socket, for people. */
    @Override
    public String toString() {
        return "RequestTube[" + conversation.socket() + "]";
    }
}
