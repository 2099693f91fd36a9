package dev.fdpass.jsonrpc;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Peer;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.internal.Timeouts;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks JSON-RPC 2.0, in which every message can carry descriptors. Both ends may call each other.
 *
 * <pre>{@code
 * try (var connection = JsonRpcConnection.over(UnixStream.connect(address));
 *         var reply = connection.request("open", Map.of("path", "/etc/hosts"))) {
 *     try (OwnedFd file = reply.takeFd(0)) {                     // now yours to close
 *         IO.println(reply.result() + ", " + file.size() + " bytes");
 *     }
 * }                                                              // closes what nobody took
 * }</pre>
 *
 * <p>What goes over the socket is the protocol of bootc-dev/jsonrpc-fdpass: one JSON object after the other, each of which says
 * in {@code "fds"} how many descriptors it has; {@code docs/protocols.md} shows it byte by byte. There are no batches, since a
 * message must be an object.
 *
 * <p>A peer that does not keep to it, or to {@linkplain JsonRpcOptions#frameLimits the limits}, is told
 * {@value JsonRpcException#FILE_DESCRIPTOR_ERROR} and cut: requests that wait fail with a {@linkplain JsonRpcException#isFatal
 * fatal} {@link JsonRpcException}, and all descriptors that came and that nobody has yet are closed. What is JSON but no
 * message of JSON-RPC is answered with an error, and the connection goes on.
 *
 * <p>When the peer has ended its sending, calls that came are still handled and answered; then the connection closes.
 *
 * <p>Safe for use by many threads, virtual ones included: requests of several are under way at the same time, and each gets
 * its own answer. A virtual thread parks while it waits. {@link #close} wakes threads that wait
 * ({@link AsynchronousCloseException}). Interrupting one that waits for its answer ends its waiting alone
 * ({@link InterruptedIOException}); in the middle of sending it closes the connection, as it does with every channel
 * ({@link ClosedByInterruptException}).
 *
 * <p>A connection holds two descriptors for its socket.
 */
@SuppressWarnings("exports") // Nullable is for tools: who compiles against this module needs no jspecify
public final class JsonRpcConnection implements AutoCloseable {
    private static final Framing FRAMING = Framing.selfDelimitingJson("fds");

    private final FramedChannel channel;
    private final Output output;
    private final Requests requests;
    private final CallHandler handler;
    private final CallRunner runner;
    private final Refusals refusals;
    private final Runnable whenEnded;

    private volatile Duration requestTimeout = Duration.ZERO;

    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    private JsonRpcConnection(
            FramedChannel channel, OwnedFd spare, Methods methods, JsonRpcOptions options, Runnable whenEnded) {
        this.channel = channel;
        this.whenEnded = whenEnded;
        output = new Output(channel, spare, options.sendTimeout());
        refusals = new Refusals(this::sendError);
        handler = new CallHandler(this, methods, refusals);
        runner = new CallRunner(options, handler::handle);
        requests = new Requests(runner);
    }

    /**
     * A connection that only asks: what the peer calls is answered with {@value JsonRpcException#METHOD_NOT_FOUND}.
     *
     * @param socket what to speak over. It belongs to the connection from now on: nobody else may send, receive or set
     *     timeouts on it
     * @return the connection
     * @throws IOException as for {@link #over(UnixStream, Methods, JsonRpcOptions)}
     */
    public static JsonRpcConnection over(UnixStream socket) throws IOException {
        return over(socket, Methods.none());
    }

    /**
     * A connection with {@linkplain JsonRpcOptions#DEFAULT usual limits}.
     *
     * @param socket as for {@link #over(UnixStream)}
     * @param methods what the peer may call
     * @return the connection
     * @throws IOException as for {@link #over(UnixStream, Methods, JsonRpcOptions)}
     */
    public static JsonRpcConnection over(UnixStream socket, Methods methods) throws IOException {
        return over(socket, methods, JsonRpcOptions.DEFAULT);
    }

    /**
     * A connection. It receives from now on, on a virtual thread of its own.
     *
     * @param socket as for {@link #over(UnixStream)}
     * @param methods what the peer may call
     * @param options what the peer may do, and how long it may take to read
     * @return the connection
     * @throws IOException if the socket is closed, or there are too many descriptors; it is still yours
     */
    public static JsonRpcConnection over(UnixStream socket, Methods methods, JsonRpcOptions options)
            throws IOException {
        return over(socket, methods, options, () -> {});
    }

    static JsonRpcConnection over(UnixStream socket, Methods methods, JsonRpcOptions options, Runnable whenEnded)
            throws IOException {
        Objects.requireNonNull(methods, "methods");
        Objects.requireNonNull(options, "options");
        OwnedFd spare = socket.asFd().duplicate();
        boolean isStarted = false;
        try {
            JsonRpcConnection connection = new JsonRpcConnection(
                    FramedChannel.over(socket, FRAMING, options.frameLimits()), spare, methods, options, whenEnded);
            connection.channel.setReceiveTimeout(Duration.ZERO);
            Thread unused = Thread.ofVirtual().name("fdpass-jsonrpc").start(connection::receiveAll);
            isStarted = true;
            return connection;
        } finally {
            if (!isStarted) {
                spare.close();
            }
        }
    }

    // ---- Asking

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
     * Calls a method of the peer, and waits for its answer as long as {@linkplain #setRequestTimeout was set}.
     *
     * @param method its name
     * @param params anything that Jackson makes a JSON object or array of, such as a record, a map, a list; null for none
     * @param fds descriptors to send with it, which are borrowed: they stay yours
     * @return the answer, to be closed
     * @throws JsonRpcException what the peer answered instead, or {@linkplain JsonRpcException#isFatal fatal}
     * @throws IOException as for {@link #request(Duration, String, Object, AsFd...)}
     */
    public Reply request(String method, @Nullable Object params, AsFd... fds) throws IOException {
        return request(requestTimeout, method, params, fds);
    }

    /**
     * Calls a method of the peer, and waits for its answer.
     *
     * @param timeout how long until the answer must be there, from now on, sending included; zero for as long as it takes. An
     *     answer that comes later is dropped, its descriptors closed. Once a part of the request has gone, the rest goes too,
     *     for as long as {@link JsonRpcOptions#sendTimeout} says
     * @param method its name
     * @param params as for {@link #request(String, Object, AsFd...)}
     * @param fds as for {@link #request(String, Object, AsFd...)}
     * @return the answer, to be closed
     * @throws JsonRpcException what the peer answered instead, or {@linkplain JsonRpcException#isFatal fatal}
     * @throws IllegalArgumentException if that is no message that the limits allow, or one of the descriptors is closed;
     *     nothing was sent
     * @throws SocketTimeoutException if no answer came in time, or it could not be sent in time
     * @throws InterruptedIOException if the thread is interrupted before it sends or while it waits; the connection goes on
     * @throws ClosedByInterruptException if it is interrupted in the middle of sending, which closes the connection
     * @throws EOFException if the peer ended the connection
     * @throws ProtocolException if the answer is not as JSON-RPC wants it; the connection goes on
     * @throws ClosedChannelException if the connection is closed
     * @throws IOException as for {@link FramedChannel#send(dev.fdpass.frame.FrameMessage)}
     */
    public Reply request(Duration timeout, String method, @Nullable Object params, AsFd... fds) throws IOException {
        Timeouts.check(timeout);
        Objects.requireNonNull(method, "method");
        long begin = System.nanoTime();
        checkNotInterrupted();
        try (Requests.Waiting waiting = requests.begin()) {
            checkNotEnded();
            byte[] json = MessageWriter.request(waiting.id(), method, params, fds.length);
            send(timeout.isZero() ? Output.PATIENT : left(timeout, begin), json, fds);
            waiting.sent();
            return switch (waiting.await(timeout, begin)) {
                case Requests.Answer.Good(Reply reply) -> reply;
                case Requests.Answer.Bad(String why) ->
                    throw new ProtocolException("what answers \"" + method + "\" is no answer: " + why);
                case Requests.Answer.Failure(Message.Failure error) ->
                    throw new JsonRpcException(error.code(), error.message(), error.data());
                case Requests.Answer.None() ->
                    throw Objects.requireNonNull(end.get()).exception();
            };
        }
    }

    /** {@return bytes of a message at most} */
    int maxBytes() {
        return channel.limits().maxBytes();
    }

    private static long left(Duration timeout, long begin) {
        return TimeUnit.NANOSECONDS.convert(timeout) - (System.nanoTime() - begin);
    }

    /**
     * Tells the peer something, to which there is no answer.
     *
     * @param method the name of a method
     * @param params as for {@link #request(String, Object, AsFd...)}
     * @param fds as for {@link #request(String, Object, AsFd...)}
     * @throws IllegalArgumentException as for {@link #request(Duration, String, Object, AsFd...)}
     * @throws IOException as for {@link #request(Duration, String, Object, AsFd...)}, what is about answers aside
     */
    public void notify(String method, @Nullable Object params, AsFd... fds) throws IOException {
        Objects.requireNonNull(method, "method");
        checkNotInterrupted();
        checkNotEnded();
        send(MessageWriter.request(null, method, params, fds.length), fds);
    }

    /** A thread that is interrupted already must not close the connection of all others by trying to send. */
    private static void checkNotInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("the thread is interrupted; nothing was sent");
        }
    }

    /** Sends a message, which may take as long as the options say. */
    void send(byte[] json, AsFd... fds) throws IOException {
        send(Output.PATIENT, json, fds);
    }

    private void send(long patience, byte[] json, AsFd... fds) throws IOException {
        try {
            output.send(patience, json, fds);
        } catch (Throwable t) {
            // Whoever closed the channel under this thread knows why; else it is this thread's own timeout or
            // interrupt.
            boolean isClosedByOthers =
                    t instanceof ClosedChannelException && !(t instanceof ClosedByInterruptException);
            if (!isClosedByOthers && (output.isBroken() || !channel.isOpen())) {
                fail(t);
            }
            throw t;
        }
    }

    /** Sends an error, or ends the connection: else the peer would wait for its answer for ever. */
    void sendError(byte[] json) {
        try {
            send(json);
        } catch (IllegalArgumentException e) {
            fail(new IOException("an error could not be answered: " + e.getMessage(), e));
        } catch (IOException e) {
            fail(e);
        }
    }

    private void checkNotEnded() throws IOException {
        End reason = end.get();
        if (reason != null) {
            throw reason.exception();
        }
    }

    // ---- Receiving

    private void receiveAll() {
        End reason;
        try {
            new Receiver(this, channel, requests, runner, handler).receiveAll();
            reason = new End.EndOfStream();
        } catch (ProtocolException e) { // FrameException is one as well
            reason = new End.Fatal(Objects.requireNonNullElse(e.getMessage(), ""), e);
            boolean unused = end.compareAndSet(null, reason); // what fails meanwhile fails for that
            tellFatal(e);
        } catch (JsonRpcException e) {
            reason = new End.Fatal(Objects.requireNonNullElse(e.getMessage(), ""), null);
        } catch (Throwable t) {
            reason = new End.Failed(t);
        }
        end(reason);
    }

    private void tellFatal(IOException e) {
        channel.asFd().closeAside(); // if it is not closed already
        output.lastWord(MessageWriter.fatal(e.getMessage()));
    }

    // ---- The end

    /** The receiving thread is done: nothing can be answered to this end, but this end may have to answer. */
    private void end(End reason) {
        boolean letsAnswer = end.compareAndSet(null, reason) && reason.letsAnswer();
        try {
            requests.end();
            if (!letsAnswer) {
                dropCalls();
                closeOutput();
            }
            runner.awaitIdle();
            refusals.awaitIdle();
            closeOutput();
        } finally {
            ended.countDown();
            whenEnded.run();
        }
    }

    /** Ends the connection, because nothing can be sent any more. */
    void fail(Throwable reason) {
        boolean unused = end.compareAndSet(null, new End.Failed(reason));
        output.abandon(); // which wakes the receiving thread
        dropCalls(); // also where it waits for room
    }

    private void dropCalls() {
        runner.end();
        refusals.end();
    }

    private void closeOutput() {
        try {
            output.close();
        } catch (IOException e) {
            // What close(2) reports of a socket helps nobody.
        }
    }

    /** As {@link #close}, whatever close(2) reports. */
    void closeQuietly() {
        boolean unused = end.compareAndSet(null, new End.Closed());
        dropCalls();
        closeOutput();
    }

    /** {@return who made the other end} */
    public Peer peer() {
        return channel.peer();
    }

    /** {@return whether requests can be sent, as far as is known} */
    public boolean isOpen() {
        return end.get() == null && channel.isOpen();
    }

    /**
     * Why the connection ended.
     *
     * @return empty while it is open, if this end closed it, and if the peer ended it between two messages
     */
    public Optional<IOException> failure() {
        End reason = end.get();
        return reason == null || !reason.isFailure() ? Optional.empty() : Optional.of(reason.exception());
    }

    /**
     * Closes the connection: requests that wait fail, calls that wait are dropped. Handlers that run go on, but cannot answer
     * any more. Further calls do nothing.
     */
    @Override
    public void close() throws IOException {
        boolean unused = end.compareAndSet(null, new End.Closed());
        dropCalls();
        output.close();
    }

    /**
     * Waits until all is over: the connection closed, every handler done, every descriptor closed that was not taken.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Waits until all is over, but not for ever.
     *
     * @param timeout how long, zero or more
     * @return whether it is
     * @throws InterruptedException if this thread is interrupted
     */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        Timeouts.check(timeout);
        return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    }

    /** The socket, for people. */
    @Override
    public String toString() {
        return "JsonRpcConnection[" + channel.asFd() + (isOpen() ? "" : ", ended") + "]";
    }
}
