package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.SOCK_STREAM;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * A connected Unix-domain stream socket ({@code SOCK_STREAM}): bytes in order, without boundaries.
 *
 * <p>Descriptors go with the first byte of their send and arrive with it. A receive stops after the bytes of one send
 * that carried descriptors, and may put bytes of plain sends before it in front. Descriptors need at least one byte.
 *
 * <p>It is also a byte channel. Reading as a channel has no place for descriptors: those that come are closed, as
 * {@link #onUnexpectedFds} says. For the rest see {@link ScmSocket}.
 */
public final class UnixStream extends ScmSocket implements GatheringByteChannel, ScatteringByteChannel {
    private final UnexpectedFds.Counter unexpected = new UnexpectedFds.Counter();

    private UnixStream(Exchange exchange) {
        super(exchange);
    }

    /**
     * A socket over an owner.
     *
     * @param mayHaveOptions whether somebody else may have set options on it that add to what it receives
     */
    static UnixStream of(OwnedFd fd, boolean mayHaveOptions) throws IOException {
        return new UnixStream(new Exchange(fd, SOCK_STREAM, mayHaveOptions));
    }

    /**
     * Two stream sockets that are connected to each other, {@code socketpair(2)}.
     *
     * @return both ends
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static SocketPair<UnixStream> pair() throws IOException {
        OwnedFd[] ends = SocketSetup.pair(SOCK_STREAM);
        return new SocketPair<>(of(ends[0], false), of(ends[1], false));
    }

    /**
     * Connects to a listener, waiting for a place in its queue as long as it takes.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @return the connection
     * @throws java.net.ConnectException if nobody listens there
     * @throws IOException if the system refuses for another reason
     */
    public static UnixStream connect(SocketAddress address) throws IOException {
        return connect(address, Duration.ZERO);
    }

    /**
     * Connects to a listener, waiting for a place in its queue.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}
     * @param timeout how long at most; zero for as long as it takes
     * @return the connection
     * @throws java.net.ConnectException if nobody listens there
     * @throws java.net.SocketTimeoutException if the queue stays full
     * @throws IOException if the system refuses for another reason
     */
    public static UnixStream connect(SocketAddress address, Duration timeout) throws IOException {
        UnixAddress unix = UnixAddress.of(address);
        OwnedFd fd = SocketSetup.open(SOCK_STREAM);
        try {
            SocketSetup.connect(fd, unix, timeout);
            return of(fd, false);
        } catch (Throwable t) {
            fd.closeBecauseOf(t);
            throw t;
        }
    }

    /**
     * Uses a descriptor, perhaps a received one, as a stream socket. The socket is another view of the same owner:
     * closing either closes both.
     *
     * @param fd a connected stream socket of the Unix domain; on an error it stays open and yours
     * @return the socket
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static UnixStream adopt(OwnedFd fd) throws IOException {
        Expect.unixStream().notListening().checkAdopted(fd);
        return of(fd, true);
    }

    /**
     * What {@link #read(ByteBuffer)} does with descriptors that come along. At first {@link UnexpectedFds#CLOSE}.
     *
     * @param policy what to do
     */
    public void onUnexpectedFds(UnexpectedFds policy) {
        unexpected.policy(policy);
    }

    /** {@return descriptors that came along with bytes read as plain bytes, and were closed, up to now} */
    public long unexpectedFds() {
        return unexpected.count();
    }

    /**
     * Reads bytes as a channel does; see {@link #onUnexpectedFds} for descriptors that come along.
     *
     * @return bytes read, at least one unless the buffer is full; -1 at the end of the stream
     */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        return dst.hasRemaining()
                ? Convenience.read(exchange(), Buffers.of(dst), receiveNanos(), unexpected)
                : nothing();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        ByteBuffer[] chosen = chosen(dsts, offset, length);
        return Arrays.stream(chosen).anyMatch(ByteBuffer::hasRemaining)
                ? Convenience.read(exchange(), Buffers.of(chosen), receiveNanos(), unexpected)
                : nothing();
    }

    /** Reading into no room reads 0 bytes, but not from a closed channel. */
    private int nothing() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return 0;
    }

    @Override
    public long read(ByteBuffer[] dsts) throws IOException {
        return read(dsts, 0, dsts.length);
    }

    /**
     * Writes all bytes of the buffer.
     *
     * @return bytes written
     */
    @Override
    public int write(ByteBuffer src) throws IOException {
        return send(src);
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        return send(chosen(srcs, offset, length));
    }

    @Override
    public long write(ByteBuffer[] srcs) throws IOException {
        return send(srcs);
    }

    private static ByteBuffer[] chosen(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        return offset == 0 && length == buffers.length ? buffers : Arrays.copyOfRange(buffers, offset, offset + length);
    }
}
