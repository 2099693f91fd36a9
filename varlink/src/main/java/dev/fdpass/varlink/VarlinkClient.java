package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.AsFd;
import dev.fdpass.Peer;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.varlink.CallMessage.Mode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Type;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls a Varlink service.
 *
 * <pre>{@code
 * try (var client = VarlinkClient.connect("unix:/run/org.example.files")) {
 *     Files files = client.proxy(Files.class);                              // your interface
 *     Opened opened = files.open("/etc/hosts", Optional.empty());
 *
 *     try (Reply reply = client.call("org.example.files.Open", Map.of("path", "/etc/hosts"))) {
 *         OwnedFd file = reply.takeFd("file");                              // or without one
 *     }
 * }
 * }</pre>
 *
 * <p>Parameters are a record, a map with names, a {@link com.fasterxml.jackson.databind.JsonNode} or {@code Map.of()} for none; descriptors in
 * them, anything that is {@link AsFd}, go with the call and are borrowed. Those of a reply are the caller's.
 *
 * <p>A call that is answered with an error throws {@link VarlinkException}, and the client stays usable. After any other
 * {@link IOException} it is closed, since nobody knows what would come next: a timeout included.
 *
 * <p>Safe for use by several threads; each call waits until the one before is answered. Closing wakes those that wait. A virtual
 * thread parks.
 */
public final class VarlinkClient implements Closeable {
    private final FramedChannel channel;
    /** Held for a call and its reply. */
    private final ReentrantLock turn = new ReentrantLock();
    /** What a call with more is being answered with. */
    private @Nullable Object streaming;

    private volatile Duration timeout = Duration.ZERO;

    private VarlinkClient(FramedChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects to a service.
     *
     * @param address {@code unix:/path} or {@code unix:@name}, also without {@code unix:}
     * @return the client
     * @throws IllegalArgumentException if it is no such address
     * @throws IOException as for {@link UnixStream#connect(SocketAddress)}
     */
    public static VarlinkClient connect(String address) throws IOException {
        return connect(Addresses.parse(address));
    }

    /**
     * Connects to a service.
     *
     * @param address a {@link dev.fdpass.UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @return the client
     * @throws IOException as for {@link UnixStream#connect(SocketAddress)}
     */
    public static VarlinkClient connect(SocketAddress address) throws IOException {
        return of(UnixStream.connect(address));
    }

    /**
     * A client on a connection, with {@linkplain FrameLimits#DEFAULT usual limits}.
     *
     * @param socket which belongs to the client from now on
     * @return the client
     */
    public static VarlinkClient of(UnixStream socket) {
        return of(socket, FrameLimits.DEFAULT);
    }

    /**
     * A client on a connection.
     *
     * @param socket which belongs to the client from now on
     * @param limits what a message may have, both ways
     * @return the client
     */
    public static VarlinkClient of(UnixStream socket, FrameLimits limits) {
        return new VarlinkClient(FramedChannel.of(socket, Framing.nulTerminated(), limits));
    }

    /**
     * How long a call waits for its turn, for sending and for each reply.
     *
     * @param timeout zero for as long as it takes
     */
    public void setTimeout(Duration timeout) {
        channel.setSendTimeout(timeout);
        channel.setReceiveTimeout(timeout);
        this.timeout = timeout;
    }

    // ---- Calls

    /**
     * Calls a method and waits for its reply.
     *
     * @param method with its interface, such as {@code org.example.files.Open}
     * @param parameters as above; {@code Map.of()} for none
     * @param fds descriptors with the indexes 0, 1, …, for parameters that name them by number; those that are in the parameters
     *     themselves follow
     * @return the reply, to be closed
     * @throws IllegalArgumentException if that can be no call; nothing was sent
     * @throws IllegalStateException if a call with more is being answered
     * @throws VarlinkException if it is answered with an error
     * @throws IOException if the connection fails
     */
    public Reply call(String method, Object parameters, AsFd... fds) throws IOException {
        SentFds sent = new SentFds(fds);
        byte[] bytes = bytes(method, parameters, sent, Mode.ONCE);
        begin();
        try {
            send(bytes, sent);
            return receive(false);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Calls a method and waits for its reply.
     *
     * @param method as for {@link #call(String, Object, AsFd...)}
     * @param parameters as for {@link #call(String, Object, AsFd...)}
     * @param type a record, whose components are what is replied; descriptors in it are the caller's
     * @param <R> that record
     * @return the reply
     * @throws ProtocolException if the reply is no such record
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public <R> R call(String method, Object parameters, Class<R> type) throws IOException {
        return type.cast(callAs(method, parameters, type));
    }

    Object callAs(String method, Object parameters, Type type) throws IOException {
        try (Reply reply = call(method, parameters)) {
            return reply.as(type);
        }
    }

    /**
     * Calls a method without being answered.
     *
     * @param method as for {@link #call(String, Object, AsFd...)}
     * @param parameters as for {@link #call(String, Object, AsFd...)}
     * @param fds as for {@link #call(String, Object, AsFd...)}
     * @throws IOException if the connection fails
     */
    public void oneway(String method, Object parameters, AsFd... fds) throws IOException {
        SentFds sent = new SentFds(fds);
        byte[] bytes = bytes(method, parameters, sent, Mode.ONEWAY);
        begin();
        try {
            send(bytes, sent);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Calls a method that may reply any number of times.
     *
     * @param method as for {@link #call(String, Object, AsFd...)}
     * @param parameters as for {@link #call(String, Object, AsFd...)}
     * @param fds as for {@link #call(String, Object, AsFd...)}
     * @return the replies, each to be closed; to be read to their end, or closed with this connection
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public Replies<Reply> more(String method, Object parameters, AsFd... fds) throws IOException {
        SentFds sent = new SentFds(fds);
        byte[] bytes = bytes(method, parameters, sent, Mode.MORE);
        begin();
        try {
            send(bytes, sent);
            ReplySource source = new ReplySource(this);
            streaming = source;
            return Replies.from(source);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Calls a method that may reply any number of times.
     *
     * @param method as for {@link #call(String, Object, AsFd...)}
     * @param parameters as for {@link #call(String, Object, AsFd...)}
     * @param type a record, as for {@link #call(String, Object, Class)}
     * @param <R> that record
     * @return the replies
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public <R> Replies<R> more(String method, Object parameters, Class<R> type) throws IOException {
        TypedReplies replies = new TypedReplies(more(method, parameters), type);
        return Replies.from(new Replies.Source<R>() {
            @Override
            public Optional<R> next() throws IOException {
                return replies.next().map(type::cast);
            }

            @Override
            public void close() throws IOException {
                replies.close();
            }
        });
    }

    Replies<Object> moreAs(String method, Object parameters, Type type) throws IOException {
        return Replies.from(new TypedReplies(more(method, parameters), type));
    }

    /**
     * Calls a method behind whose reply another protocol begins. Then this client is closed, and the connection the caller's;
     * after a {@link VarlinkException} it is as before.
     *
     * @param method as for {@link #call(String, Object, AsFd...)}
     * @param parameters as for {@link #call(String, Object, AsFd...)}
     * @param fds as for {@link #call(String, Object, AsFd...)}
     * @return the connection, to be closed
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public Upgraded upgrade(String method, Object parameters, AsFd... fds) throws IOException {
        SentFds sent = new SentFds(fds);
        byte[] bytes = bytes(method, parameters, sent, Mode.UPGRADE);
        begin();
        try {
            send(bytes, sent);
            Reply reply = receive(false);
            try {
                return Upgraded.take(channel, reply);
            } catch (Throwable t) {
                reply.close();
                throw t;
            }
        } finally {
            turn.unlock();
        }
    }

    // ---- Typed, and what a service says of itself

    /**
     * An object that calls.
     *
     * @param type an interface with {@link VarlinkInterface}
     * @param <T> that interface
     * @return calls the methods of that interface on this connection
     * @throws IllegalArgumentException if it can be no Varlink interface; the message says why
     */
    public <T> T proxy(Class<T> type) {
        return ClientProxy.make(this, type);
    }

    /**
     * Asks what the service is.
     *
     * @return what it says
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public ServiceInfo info() throws IOException {
        return call("org.varlink.service.GetInfo", Map.of(), ServiceInfo.class);
    }

    /**
     * Asks how an interface is described.
     *
     * @param name such as {@code org.example.files}
     * @return the text, as the service has it; {@link InterfaceDescription#parse} reads it
     * @throws VarlinkException {@link VarlinkException#INTERFACE_NOT_FOUND} or
     *     {@link VarlinkException#INVALID_PARAMETER} if it has none of that name
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public String describe(String name) throws IOException {
        try (Reply reply = call("org.varlink.service.GetInterfaceDescription", Map.of("interface", name))) {
            String text = reply.parameters().path("description").textValue();
            if (text == null) {
                throw new ProtocolException("the reply has no description: " + reply.parameters());
            }
            return text;
        }
    }

    /** {@return who made the other end} */
    public Peer peer() {
        return channel.peer();
    }

    /** {@return whether it can still be used} */
    public boolean isOpen() {
        return channel.isOpen();
    }

    // ---- Messages

    private static byte[] bytes(String method, Object parameters, SentFds fds, Mode mode) {
        int dot = method.lastIndexOf('.');
        if (dot <= 0 || dot == method.length() - 1) {
            throw new IllegalArgumentException(
                    "the method \"" + method + "\"; give its name with its interface, such as org.example.files.Open");
        }
        ObjectNode object = Json.toObject(parameters, fds);
        return new CallMessage(method, object, mode).bytes();
    }

    /** Waits for this thread's turn; the lock is to be given back. */
    private void begin() throws IOException {
        long nanos = timeout.isZero() || timeout.toDays() > 36_500 ? Long.MAX_VALUE : timeout.toNanos();
        try {
            if (!turn.tryLock(nanos, TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("another thread's call took longer than " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure =
                    new InterruptedIOException("interrupted while waiting for another thread's call");
            failure.initCause(e);
            throw failure;
        }
        if (streaming != null) {
            turn.unlock();
            throw new IllegalStateException(
                    "a call with more is being answered on this connection: read its replies to the"
                            + " end, or close them, or connect once more");
        }
    }

    private void send(byte[] bytes, SentFds fds) throws IOException {
        boolean isFailed = true;
        try {
            channel.send(ByteBuffer.wrap(bytes), fds.toArray());
            isFailed = false;
        } catch (IllegalArgumentException e) {
            isFailed = false; // nothing was sent
            throw e;
        } finally {
            if (isFailed) {
                close();
            }
        }
    }

    /** Waits for a reply; the turn is this thread's. */
    private Reply receive(boolean isMore) throws IOException {
        boolean isFailed = true;
        try {
            Frame frame = channel.receive();
            ReceivedFds fds = new ReceivedFds(frame);
            try {
                ReplyMessage message = read(frame);
                if (message.continues() && !isMore) {
                    throw new ProtocolException("a reply says that another one continues it, and none was asked for");
                }
                isFailed = false;
                if (!message.error().isEmpty()) {
                    throw VarlinkException.of(message);
                }
                Reply reply = new Reply(message.parameters(), message.continues(), fds);
                fds = null;
                return reply;
            } finally {
                if (fds != null) {
                    fds.close();
                }
            }
        } finally {
            if (isFailed) {
                close();
            }
        }
    }

    private static ReplyMessage read(Frame frame) throws IOException {
        if (frame.isEndOfStream()) {
            throw new EOFException("the service closed the connection before it replied");
        }
        return ReplyMessage.read(frame.data().array());
    }

    /** The replies to a call with more. */
    private static final class ReplySource implements Replies.Source<Reply> {
        private final VarlinkClient client;
        private boolean isEnded;

        ReplySource(VarlinkClient client) {
            this.client = client;
        }

        @Override
        public Optional<Reply> next() throws IOException {
            if (isEnded) {
                return Optional.empty();
            }
            client.turn.lock();
            try {
                boolean continues = false;
                try {
                    Reply reply = client.receive(true);
                    continues = reply.continues();
                    return Optional.of(reply);
                } finally {
                    if (!continues) {
                        isEnded = true;
                        client.streaming = null;
                    }
                }
            } finally {
                client.turn.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            if (!isEnded) {
                isEnded = true;
                client.close();
            }
        }
    }

    /** Closes the connection, and wakes threads that wait. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The socket, for people. */
    @Override
    public String toString() {
        return "VarlinkClient[" + channel + "]";
    }
}
