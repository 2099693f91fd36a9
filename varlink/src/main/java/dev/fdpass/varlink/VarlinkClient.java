package dev.fdpass.varlink;

import dev.fdpass.AsFd;
import dev.fdpass.Peer;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.varlink.CallMessage.Mode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Type;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
 * <p>Parameters are a record, a map with names, a {@link com.fasterxml.jackson.databind.JsonNode} or {@code Map.of()} for none;
 * descriptors in them, anything that is {@link AsFd}, go with the call and are borrowed. Those of a reply are the caller's.
 *
 * <p>A call that is answered with an error throws {@link VarlinkException}, and one whose reply is not the record that it is to be
 * {@link ProtocolException}; the client stays usable. After any other {@link IOException}, a {@code ProtocolException} about what is
 * no reply at all included, it is closed, since nobody knows what would come next: Varlink has no numbers by which a late reply
 * could be told from the one that is due. That includes timeouts ({@link SocketTimeoutException}) and interrupts
 * ({@link ClosedByInterruptException}). It stays open after a call that only waited for its turn: that is a
 * {@code SocketTimeoutException} as well, or {@link InterruptedIOException}. {@link #isOpen} tells.
 *
 * <p>Safe for use by several threads; each call waits until the one before is answered. Closing wakes those that wait. A virtual
 * thread parks.
 */
public final class VarlinkClient implements Closeable {
    private final Calls calls;

    private VarlinkClient(FramedChannel channel) {
        calls = new Calls(channel);
    }

    /**
     * Reads an address as Varlink writes it.
     *
     * @param text {@code unix:/path} or {@code unix:@name}, also without {@code unix:}
     * @return where to connect to, or to listen
     * @throws IllegalArgumentException if it is no such address; the message says why
     */
    public static UnixAddress address(String text) {
        return Addresses.parse(text);
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
        return over(UnixStream.connect(address));
    }

    /**
     * A client on a connection, with {@linkplain FrameLimits#DEFAULT usual limits}.
     *
     * @param socket which belongs to the client from now on
     * @return the client
     */
    public static VarlinkClient over(UnixStream socket) {
        return over(socket, FrameLimits.DEFAULT);
    }

    /**
     * A client on a connection.
     *
     * @param socket which belongs to the client from now on
     * @param limits what a message may have, both ways
     * @return the client
     */
    public static VarlinkClient over(UnixStream socket, FrameLimits limits) {
        return new VarlinkClient(FramedChannel.over(socket, Framing.nulTerminated(), limits));
    }

    /**
     * How long a call waits, from its beginning until its reply is there, if it does not say so itself: its turn and sending
     * included. Each reply of {@link #more} has so long from when it is asked for.
     *
     * @param timeout zero, as in the beginning, for as long as it takes
     */
    public void setRequestTimeout(Duration timeout) {
        calls.setRequestTimeout(timeout);
    }

    /** {@return how long a call waits for its reply; zero for as long as it takes} */
    public Duration requestTimeout() {
        return calls.requestTimeout();
    }

    // ---- Calls

    /**
     * Calls a method and waits for its reply as long as {@linkplain #setRequestTimeout was set}.
     *
     * @param method with its interface, such as {@code org.example.files.Open}
     * @param parameters as above; {@code Map.of()} for none
     * @param fds descriptors with the indexes 0, 1, …, for parameters that name them by number; those that are in the parameters
     *     themselves follow
     * @return the reply, to be closed
     * @throws IllegalArgumentException if that can be no call; nothing was sent
     * @throws IllegalStateException if a call with more is being answered
     * @throws VarlinkException if it is answered with an error
     * @throws SocketTimeoutException if the time is over; the client is closed, unless it was still waiting for its turn
     * @throws InterruptedIOException if the thread is interrupted before it sends; the client goes on
     * @throws ClosedByInterruptException if it is interrupted later, which closes the client
     * @throws IOException if the connection fails
     */
    public Reply call(String method, Object parameters, AsFd... fds) throws IOException {
        return call(calls.requestTimeout(), method, parameters, fds);
    }

    /**
     * Calls a method and waits for its reply.
     *
     * @param timeout how long until the reply must be there, from now on, this thread's turn and sending included; zero for as
     *     long as it takes
     * @param method as for {@link #call(String, Object, AsFd...)}
     * @param parameters as for {@link #call(String, Object, AsFd...)}
     * @param fds as for {@link #call(String, Object, AsFd...)}
     * @return the reply, to be closed
     * @throws IOException as for {@link #call(String, Object, AsFd...)}
     */
    public Reply call(Duration timeout, String method, Object parameters, AsFd... fds) throws IOException {
        return calls.call(timeout, method, parameters, fds, Mode.ONCE, deadline -> calls.receive(false, deadline));
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
        boolean unused = calls.call(method, parameters, fds, Mode.ONEWAY, deadline -> true);
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
        return calls.call(method, parameters, fds, Mode.MORE, deadline -> calls.receiveMany());
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
        return calls.call(method, parameters, fds, Mode.UPGRADE, deadline -> {
            Reply reply = calls.receive(false, deadline);
            try {
                return Upgraded.take(calls.channel(), reply);
            } catch (Throwable t) {
                reply.close();
                throw t;
            }
        });
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
        return calls.channel().peer();
    }

    /** {@return whether it can still be used} */
    public boolean isOpen() {
        return calls.channel().isOpen();
    }

    /** Closes the connection, and wakes threads that wait. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        calls.close();
    }

    /** The socket, for people. */
    @Override
    public String toString() {
        return "VarlinkClient[" + calls.channel() + "]";
    }
}
