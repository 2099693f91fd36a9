package dev.fdpass;

import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A Unix-domain socket that sends and receives descriptors with its bytes. Two doors lead to the same engine:
 *
 * <pre>{@code
 * socket.send(ByteBuffer.wrap(greeting), log);            // borrows log
 *
 * try (Received received = socket.receive(4096, 8)) {     // at most so many bytes and descriptors
 *     OwnedFd log = received.takeFd(0);                   // now yours to close
 * }                                                       // what nobody took is closed
 * }</pre>
 *
 * and, where every allocation counts, {@link #send(ScmMessage)} and {@link #receive(ScmMessage)}.
 *
 * <p>What arrives is close-on-exec, and never more than was asked for. Sending never raises {@code SIGPIPE}: to a peer
 * that is gone it throws {@link ErrnoException} ({@code EPIPE}, {@code ECONNRESET}; {@code ECONNREFUSED} for datagrams).
 *
 * <p>Safe for use by several threads, one sending and one receiving without getting in each other's way. {@link #close}
 * wakes threads that wait ({@link java.nio.channels.AsynchronousCloseException}); interrupting one closes the socket
 * ({@link java.nio.channels.ClosedByInterruptException}), as with every channel. Once closed, everything throws
 * {@link java.nio.channels.ClosedChannelException}.
 *
 * <p>Man pages: {@code unix(7)}, {@code sendmsg(2)}, {@code recvmsg(2)}.
 */
public abstract sealed class ScmSocket implements InterruptibleChannel, AsFd
        permits UnixStream, UnixDatagram, UnixSeqpacket {
    private final Exchange exchange;
    private volatile long receiveTimeout = Exchange.FOREVER;
    private volatile long sendTimeout = Exchange.FOREVER;

    ScmSocket(Exchange exchange) {
        this.exchange = exchange;
    }

    // ---- The reusable message

    /**
     * Sends a message, all of it: on a stream this goes on until the last byte is out. The descriptors go with the
     * first byte, once.
     *
     * @param message what to send; it keeps its content
     * @throws IllegalArgumentException if one of its descriptors is closed, or a stream is to carry descriptors without
     *     a byte; nothing was sent
     * @throws java.net.SocketTimeoutException if the {@linkplain #setSendTimeout send timeout} is over;
     *     {@link ScmMessage#sentBytes()} says how much had gone, and to send again goes on from there
     * @throws IOException if the peer is gone, a packet is too large ({@code EMSGSIZE}), or too many descriptors are on
     *     their way already ({@code ETOOMANYREFS})
     */
    public final void send(ScmMessage message) throws IOException {
        NativeMessage content = message.enter();
        try {
            exchange.send(content, sendTimeout);
        } finally {
            message.exit();
        }
    }

    /**
     * Sends what goes without waiting.
     *
     * @param message what to send
     * @return whether all went. If not, nothing went, or on a stream a part, see {@link ScmMessage#sentBytes()}
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final boolean trySend(ScmMessage message) throws IOException {
        NativeMessage content = message.enter();
        try {
            return exchange.send(content, Exchange.TRY);
        } finally {
            message.exit();
        }
    }

    /**
     * Receives a packet, or what a stream has: at least a byte, and at most the bytes of one send that carried
     * descriptors together with plain ones before it. Descriptors of the previous receive that nobody took are closed.
     *
     * @param message where to
     * @return whether something came; false at the end of the stream. An empty packet counts as something, except that
     *     on a {@link UnixSeqpacket} whose peer has closed, one without descriptors cannot be told from the end unless
     *     bytes are queued behind it, or {@link ScmOption#SO_PASSCRED} is on
     * @throws java.net.SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over
     * @throws IOException if the connection was reset, with unread data at the peer ({@code ECONNRESET})
     */
    public final boolean receive(ScmMessage message) throws IOException {
        return receive(message, receiveTimeout) > 0;
    }

    /**
     * Receives if that goes without waiting.
     *
     * @param message where to
     * @return how it ended
     * @throws IOException as for {@link #receive(ScmMessage)}
     */
    public final TryResult tryReceive(ScmMessage message) throws IOException {
        return switch (receive(message, Exchange.TRY)) {
            case Exchange.NOTHING_YET -> TryResult.WOULD_BLOCK;
            case Exchange.ENDED -> TryResult.END_OF_STREAM;
            default -> TryResult.DONE;
        };
    }

    private int receive(ScmMessage message, long timeout) throws IOException {
        NativeMessage content = message.enter();
        try {
            return exchange.receive(content, timeout);
        } finally {
            message.exit();
        }
    }

    // ---- Several reusable messages

    /**
     * Sends the first messages of a batch, in order, with as few system calls as the kernel lets. If one cannot be sent,
     * those before it have gone: {@link ScmBatch#sent} says how many, the exception is about the next one, and to send again
     * goes on with it.
     *
     * @param batch what to send
     * @param count how many of its messages, counted from the first; 1 or more
     * @throws IllegalArgumentException as for {@link #send(ScmMessage)}
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final void sendAll(ScmBatch batch, int count) throws IOException {
        sendAll(batch, count, sendTimeout);
    }

    /**
     * Sends those of the first messages of a batch that go without waiting.
     *
     * @param batch what to send
     * @param count how many of its messages, counted from the first; 1 or more
     * @return whether all went; if not, {@link ScmBatch#sent} says how many
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final boolean trySendAll(ScmBatch batch, int count) throws IOException {
        return sendAll(batch, count, Exchange.TRY);
    }

    private boolean sendAll(ScmBatch batch, int count, long timeout) throws IOException {
        NativeBatch content = batch.enterToSend(count);
        try {
            return exchange.send(content, timeout);
        } finally {
            batch.exit(count);
        }
    }

    /**
     * Receives as many messages as are there and fit, with one system call; waits for the first. On a stream each takes what
     * a {@link #receive(ScmMessage)} would. Messages of the batch after those that came are empty.
     *
     * @param batch where to
     * @return how many came, into the first messages of the batch; 0 at the end of the stream
     * @throws java.net.SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over
     * @throws IOException as for {@link #receive(ScmMessage)}
     */
    public final int receiveAll(ScmBatch batch) throws IOException {
        return receiveAll(batch, receiveTimeout);
    }

    /**
     * Receives as many messages as are there and fit, without waiting.
     *
     * @param batch where to
     * @return how many came; 0 at the end of the stream; empty if there is nothing yet
     * @throws IOException as for {@link #receive(ScmMessage)}
     */
    public final OptionalInt tryReceiveAll(ScmBatch batch) throws IOException {
        int came = receiveAll(batch, Exchange.TRY);
        return came < 0 ? OptionalInt.empty() : OptionalInt.of(came);
    }

    private int receiveAll(ScmBatch batch, long timeout) throws IOException {
        NativeBatch content = batch.enterAll();
        try {
            return exchange.receive(content, timeout);
        } finally {
            batch.exit(batch.messages().size());
        }
    }

    // ---- Convenience: sending

    /**
     * Sends the remaining bytes of a buffer with any number of descriptors.
     *
     * @param buffer what to send; its position moves to its limit
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final int send(ByteBuffer buffer, AsFd... fds) throws IOException {
        return send(new ByteBuffer[] {buffer}, fds);
    }

    /**
     * Sends the remaining bytes of several buffers, one after the other, with any number of descriptors.
     *
     * @param buffers 0 to 1024 buffers; their positions move to their limits
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final int send(ByteBuffer[] buffers, AsFd... fds) throws IOException {
        return Convenience.send(exchange, null, Buffers.of(buffers), fds, sendTimeout)
                .orElseThrow();
    }

    /**
     * Sends a segment with any number of descriptors.
     *
     * @param segment what to send
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final int send(MemorySegment segment, AsFd... fds) throws IOException {
        return Convenience.send(exchange, null, Buffers.of(segment), fds, sendTimeout)
                .orElseThrow();
    }

    /**
     * Sends the memory of something, such as a {@link dev.fdpass.memory.VolatileSlice}, with any number of descriptors.
     *
     * @param buffer what to send
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final int send(AsIobuf buffer, AsFd... fds) throws IOException {
        return send(new AsIobuf[] {buffer}, fds);
    }

    /**
     * Sends the memory of several things, one after the other, with any number of descriptors. A segment can stand here as
     * {@code () -> segment}.
     *
     * @param buffers what to send, 0 to 1024
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final int send(AsIobuf[] buffers, AsFd... fds) throws IOException {
        return Convenience.send(exchange, null, Buffers.of(buffers), fds, sendTimeout)
                .orElseThrow();
    }

    /**
     * Sends what goes without waiting.
     *
     * @param buffer what to send; its position moves past what went
     * @param fds 0 to 253 descriptors, which are borrowed
     * @return bytes sent, with all the descriptors; on a stream perhaps fewer bytes than given. Empty if nothing went
     * @throws IOException as for {@link #send(ScmMessage)}
     */
    public final OptionalInt trySend(ByteBuffer buffer, AsFd... fds) throws IOException {
        return Convenience.send(exchange, null, Buffers.of(buffer), fds, Exchange.TRY);
    }

    // ---- Convenience: receiving

    /**
     * Receives a packet, or what a stream has, with the descriptors that came along.
     *
     * @param maxBytes room for so many bytes, 0 or more; at least 1 on a stream
     * @param maxFds room for so many descriptors, 0 to 253; any more are closed, and the result says so
     * @return what came, to be closed; at the end of the stream {@link Received#isEndOfStream()}
     * @throws java.net.SocketTimeoutException if the {@linkplain #setReceiveTimeout receive timeout} is over
     * @throws IOException as for {@link #receive(ScmMessage)}
     */
    public final Received receive(int maxBytes, int maxFds) throws IOException {
        return Objects.requireNonNull(Convenience.receive(exchange, maxBytes, maxFds, receiveTimeout));
    }

    /**
     * Receives into the remaining room of a buffer.
     *
     * @param buffer where to; its position moves past what came
     * @param maxFds room for so many descriptors, 0 to 253
     * @return what came besides, to be closed
     * @throws IOException as for {@link #receive(int, int)}
     */
    public final Received receive(ByteBuffer buffer, int maxFds) throws IOException {
        return receive(new ByteBuffer[] {buffer}, maxFds);
    }

    /**
     * Receives into several buffers, filling one after the other.
     *
     * @param buffers where to, 1 to 1024; their positions move past what came
     * @param maxFds room for so many descriptors, 0 to 253
     * @return what came besides, to be closed
     * @throws IOException as for {@link #receive(int, int)}
     */
    public final Received receive(ByteBuffer[] buffers, int maxFds) throws IOException {
        return Convenience.receive(exchange, Buffers.of(buffers), maxFds, receiveTimeout);
    }

    /**
     * Receives into a segment, from its beginning.
     *
     * @param segment where to
     * @param maxFds room for so many descriptors, 0 to 253
     * @return what came besides, to be closed
     * @throws IOException as for {@link #receive(int, int)}
     */
    public final Received receive(MemorySegment segment, int maxFds) throws IOException {
        return Convenience.receive(exchange, Buffers.of(segment), maxFds, receiveTimeout);
    }

    /**
     * Receives into the memory of something, such as a {@link dev.fdpass.memory.VolatileSlice}.
     *
     * @param buffer where to
     * @param maxFds room for so many descriptors, 0 to 253
     * @return what came besides, to be closed
     * @throws IOException as for {@link #receive(int, int)}
     */
    public final Received receive(AsIobuf buffer, int maxFds) throws IOException {
        return receive(new AsIobuf[] {buffer}, maxFds);
    }

    /**
     * Receives into the memory of several things, filling one after the other. A segment can stand here as
     * {@code () -> segment}.
     *
     * @param buffers where to, 1 to 1024
     * @param maxFds room for so many descriptors, 0 to 253
     * @return what came besides, to be closed
     * @throws IOException as for {@link #receive(int, int)}
     */
    public final Received receive(AsIobuf[] buffers, int maxFds) throws IOException {
        return Convenience.receive(exchange, Buffers.of(buffers), maxFds, receiveTimeout);
    }

    /**
     * Receives if that goes without waiting.
     *
     * @param maxBytes room for so many bytes, 0 or more; at least 1 on a stream
     * @param maxFds room for so many descriptors, 0 to 253
     * @return what came, to be closed, the end of the stream included; empty if nothing is there
     * @throws IOException as for {@link #receive(int, int)}
     */
    public final Optional<Received> tryReceive(int maxBytes, int maxFds) throws IOException {
        return Optional.ofNullable(Convenience.receive(exchange, maxBytes, maxFds, Exchange.TRY));
    }

    // ---- Settings and questions

    /**
     * How long a receive waits. It is kept in this object and does not change the socket for others who share it.
     *
     * @param timeout {@link Duration#ZERO}, the default, for as long as it takes
     */
    public final void setReceiveTimeout(Duration timeout) {
        receiveTimeout = Timeouts.nanos(timeout);
    }

    /**
     * How long a receive that finds nothing tries again and again before it blocks. To block and be woken costs tens of
     * microseconds, mostly in the scheduler; to spin costs a whole processor for as long as it lasts, a virtual thread's
     * carrier too. So it pays where the peer answers sooner than that, and processors are free. Kept in this object.
     *
     * @param time {@link Duration#ZERO}, the default, to block at once; 50 microseconds is a good beginning
     */
    public final void setReceiveSpin(Duration time) {
        exchange.spin(Timeouts.spin(time));
    }

    /** {@return how long a receive tries again before it blocks} */
    public final Duration receiveSpin() {
        return Duration.ofNanos(exchange.spin());
    }

    /** {@return how long a receive waits; zero for as long as it takes} */
    public final Duration receiveTimeout() {
        return Duration.ofNanos(receiveTimeout);
    }

    /**
     * How long a send waits for the receiver to make room. It is kept in this object and does not change the socket for
     * others who share it.
     *
     * @param timeout {@link Duration#ZERO}, the default, for as long as it takes
     */
    public final void setSendTimeout(Duration timeout) {
        sendTimeout = Timeouts.nanos(timeout);
    }

    /** {@return how long a send waits; zero for as long as it takes} */
    public final Duration sendTimeout() {
        return Duration.ofNanos(sendTimeout);
    }

    /**
     * Ends receiving: this side finds the end of the stream, and a peer that sends gets {@code EPIPE}. It holds for
     * everyone who shares the socket.
     *
     * @throws IOException if the socket is closed
     */
    public final void shutdownInput() throws IOException {
        shutdown(SocketConstants.SHUT_RD);
    }

    /**
     * Ends sending: the peer finds the end of the stream once it has received the rest (on a {@link UnixDatagram} it is not
     * told). It holds for everyone who shares the socket.
     *
     * @throws IOException if the socket is closed
     */
    public final void shutdownOutput() throws IOException {
        shutdown(SocketConstants.SHUT_WR);
    }

    private void shutdown(int how) throws IOException {
        asFd().use(number -> Errors.check("shutdown", Sockets.shutdown(number, how)));
    }

    /**
     * Switches on or off what the kernel delivers with each message from now on. It holds for everyone who shares the
     * socket.
     *
     * @param option which
     * @param on whether
     * @throws UnsupportedOperationException if the kernel has no such option, or streams cannot have it
     * @throws IOException if the socket is closed
     */
    public final void setOption(ScmOption option, boolean on) throws IOException {
        option.set(asFd(), on);
    }

    /**
     * Whether an option is on.
     *
     * @param option which
     * @return what the kernel says now
     * @throws UnsupportedOperationException if the kernel has no such option
     * @throws IOException if the socket is closed
     */
    public final boolean getOption(ScmOption option) throws IOException {
        return option.get(asFd());
    }

    /** {@return who made the other end} */
    public final Peer peer() {
        return new Peer(asFd());
    }

    /** {@return the address that this socket is bound to, or the unnamed one} {@code getsockname(2)}
     *
     * @throws IOException if the socket is closed
     */
    public final UnixAddress localAddress() throws IOException {
        return asFd().use(SocketSetup::localAddress);
    }

    /** {@return the address of the peer, unnamed if it has none; empty if this socket is not connected}
     * {@code getpeername(2)}
     *
     * @throws IOException if the socket is closed
     */
    public final Optional<UnixAddress> remoteAddress() throws IOException {
        Sockets.Path path = asFd().use(Sockets::peerPath);
        if (Errno.ENOTCONN.is(path.result())) {
            return Optional.empty();
        }
        Errors.check("getpeername", path.result());
        return Optional.of(UnixAddress.ofSunPath(path.bytes()));
    }

    /** {@return the descriptor behind this socket} */
    @Override
    public final OwnedFd asFd() {
        return exchange.fd();
    }

    @Override
    public final boolean isOpen() {
        return asFd().isOpen();
    }

    /** Closes the socket and wakes threads that wait on it; returns when it is closed. Further calls do nothing. */
    @Override
    public final void close() throws IOException {
        asFd().close();
    }

    /** The type, the number and the addresses, such as {@code "UnixStream[fd 7, (unnamed) -> /run/x.sock]"}. */
    @Override
    public final String toString() {
        String name = getClass().getSimpleName() + "[fd " + asFd().number();
        try {
            return name + ", " + localAddress() + " -> "
                    + remoteAddress().map(UnixAddress::toString).orElse("(not connected)") + "]";
        } catch (IOException e) {
            return name + ", closed]";
        }
    }

    final long receiveNanos() {
        return receiveTimeout;
    }

    final long sendNanos() {
        return sendTimeout;
    }

    final Exchange exchange() {
        return exchange;
    }
}
