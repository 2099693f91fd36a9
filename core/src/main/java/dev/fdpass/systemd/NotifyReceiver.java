package dev.fdpass.systemd;

import dev.fdpass.AsFd;
import dev.fdpass.Credentials;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmOption;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Receives what services tell: the manager's side of {@code sd_notify(3)}, for supervisors and tests.
 *
 * <pre>{@code
 * try (NotifyReceiver manager = NotifyReceiver.bind();
 *         ...) {
 *     Process service = Spawn.of("service").environment("NOTIFY_SOCKET", manager.environmentValue()).start();
 *     try (Notification notification = manager.receive(Duration.ofSeconds(90))) {
 *         ...notification.isReady()...
 *     }
 * }
 * }</pre>
 *
 * <p>What is malformed is closed and skipped, as systemd does it: an empty message, one of more than 4096 bytes, with a
 * NUL, without a field, from a process that cannot be seen from this pid namespace, with descriptors that were lost at the
 * limit of open files, or a barrier with anything else than one descriptor. {@link #skipped} counts them. So no sender ends
 * a loop that receives. Any process that may reach the address can send; {@link Notification#sender} says which it was.
 *
 * <p>Safe for use by several threads, one of which receives at a time while others wait for their turn. {@link #close} wakes
 * one that waits ({@link java.nio.channels.AsynchronousCloseException}); an interrupt closes this
 * ({@link java.nio.channels.ClosedByInterruptException}).
 */
public final class NotifyReceiver implements Closeable, AsFd {
    static final String BARRIER = "BARRIER";

    private static final int MOST_FDS = 253;
    /** So that a sender of nonsense cannot keep an attempt busy for good. */
    private static final int MOST_SKIPPED = 64;

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final UnixDatagram socket;
    private final UnixAddress address;
    private final String environmentValue;
    private final AtomicLong skipped = new AtomicLong();
    private final Object turn = new Object();

    private NotifyReceiver(UnixDatagram socket, UnixAddress address) {
        this.socket = socket;
        this.address = address;
        this.environmentValue = NotifyAddress.format(address);
    }

    /**
     * A receiver with an abstract address that the kernel chooses, which every process of this network namespace can reach.
     *
     * @return the receiver
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static NotifyReceiver bind() throws IOException {
        return bind(UnixAddress.unnamed());
    }

    /**
     * A receiver with an address. The file of a pathname is removed when it is closed, if it is still the same; its
     * directory decides who can reach it.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}; a relative pathname is made
     *     absolute. {@link UnixAddress#unnamed()} to let the kernel choose an abstract name
     * @return the receiver
     * @throws IllegalArgumentException if it does not fit in {@code NOTIFY_SOCKET}: more than 107 bytes, or an abstract name
     *     that is not ASCII
     * @throws java.net.BindException if the address is taken, or a file stands there; see
     *     {@link UnixAddress#removeStaleFile}
     * @throws IOException if the system refuses for another reason
     */
    public static NotifyReceiver bind(SocketAddress address) throws IOException {
        UnixAddress unix = NotifyAddress.absolute(UnixAddress.of(address));
        if (!unix.isUnnamed()) {
            NotifyAddress.format(unix);
        }
        UnixDatagram socket = UnixDatagram.bind(unix, Map.of(ScmOption.SO_PASSCRED, true));
        try {
            return new NotifyReceiver(socket, socket.localAddress());
        } catch (Throwable t) {
            try {
                socket.close();
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    /** {@return the address that it is bound to} */
    public UnixAddress address() {
        return address;
    }

    /** {@return the address as the value of {@code NOTIFY_SOCKET}, for the environment of the service} */
    public String environmentValue() {
        return environmentValue;
    }

    /** {@return how many messages were malformed, and skipped, since it was bound} */
    public long skipped() {
        return skipped.get();
    }

    /**
     * Waits for a notification.
     *
     * @return the next one, to be closed
     * @throws IOException if it is closed
     */
    public Notification receive() throws IOException {
        return receive(Duration.ZERO);
    }

    /**
     * Waits for a notification.
     *
     * @param timeout how long at most; zero for as long as it takes
     * @return the next one, to be closed
     * @throws SocketTimeoutException if none comes
     * @throws IOException if it is closed
     */
    public Notification receive(Duration timeout) throws IOException {
        Barrier.check(timeout);
        boolean forever = timeout.isZero() || timeout.compareTo(LONGEST) > 0;
        synchronized (turn) {
            long deadline = System.nanoTime() + (forever ? 0 : timeout.toNanos());
            Duration left = forever ? Duration.ZERO : timeout;
            while (true) {
                socket.setReceiveTimeout(left);
                Notification notification = read(socket.receive(Fields.MOST_BYTES, MOST_FDS));
                if (notification != null) {
                    return notification;
                }
                if (!forever) {
                    left = Duration.ofNanos(deadline - System.nanoTime());
                    if (left.isNegative() || left.isZero()) {
                        throw new SocketTimeoutException("no notification came within " + timeout);
                    }
                }
            }
        }
    }

    /**
     * Receives a notification if that goes without waiting, for example when a {@link dev.fdpass.Poller} says that this is
     * ready.
     *
     * @return the next one, to be closed; empty if there is none, or after 64 malformed ones
     * @throws IOException if it is closed
     */
    public Optional<Notification> tryReceive() throws IOException {
        synchronized (turn) {
            for (int i = 0; i < MOST_SKIPPED; i++) {
                Optional<Received> received = socket.tryReceive(Fields.MOST_BYTES, MOST_FDS);
                if (received.isEmpty()) {
                    break;
                }
                Notification notification = read(received.get());
                if (notification != null) {
                    return Optional.of(notification);
                }
            }
            return Optional.empty();
        }
    }

    private @Nullable Notification read(Received received) {
        boolean isKept = false;
        try {
            Notification notification = parse(received);
            isKept = notification != null;
            if (!isKept) {
                skipped.incrementAndGet();
            }
            return notification;
        } finally {
            if (!isKept) {
                received.close();
            }
        }
    }

    private static @Nullable Notification parse(Received received) {
        Optional<Credentials> sender = received.credentials();
        if (received.isPayloadTruncated() || received.isControlTruncated() || sender.isEmpty()) {
            return null;
        }
        ByteBuffer text = received.data();
        int end = text.limit();
        if (end > 1 && text.get(end - 1) == 0) {
            text = text.slice(0, end - 1); // one at the end is a C programmer's, and harmless
        }
        for (int i = 0; i < text.limit(); i++) {
            if (text.get(i) == 0) {
                return null;
            }
        }
        SequencedMap<String, String> fields = Fields.decode(text);
        boolean isBarrier = "1".equals(fields.get(BARRIER));
        if (fields.isEmpty()
                || sender.get().pid() == 0
                || (isBarrier && (fields.size() > 1 || received.fdCount() != 1))) {
            return null;
        }
        return new Notification(received, sender.get(), fields);
    }

    /** {@return the descriptor behind this, for a {@link dev.fdpass.Poller}} */
    @Override
    public OwnedFd asFd() {
        return socket.asFd();
    }

    /** Closes it and wakes a thread that waits; removes its file. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The address, as {@code "NotifyReceiver[@00a3f]"}. */
    @Override
    public String toString() {
        return "NotifyReceiver[" + address + "]";
    }
}
