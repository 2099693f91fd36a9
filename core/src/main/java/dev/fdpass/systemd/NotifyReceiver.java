package dev.fdpass.systemd;

import dev.fdpass.AsFd;
import dev.fdpass.Credentials;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmOption;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.spawn.Spawn;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Receives what services tell: the manager's side of {@code sd_notify(3)}, for supervisors and tests.
 *
 * <pre>{@code
 * try (NotifyReceiver manager = NotifyReceiver.bind()) {
 *     Process service = manager.give(Spawn.of("service")).start();
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
 * <p>Safe for use by several threads, one of which receives at a time while others wait for their turn, no longer than their
 * timeout. {@link #close} wakes all that wait ({@link AsynchronousCloseException}); an interrupt of one closes this
 * ({@link ClosedByInterruptException}).
 */
public final class NotifyReceiver implements InterruptibleChannel, AsFd {
    static final String BARRIER = "BARRIER";

    /** So that a sender of nonsense cannot keep an attempt busy for good. */
    private static final int MOST_SKIPPED = 64;

    private final UnixDatagram socket;
    private final UnixAddress address;
    private final String environmentValue;
    private final AtomicLong skipped = new AtomicLong();
    /** Of those that wait: the receive timeout is the socket's. */
    private final ReentrantLock turn = new ReentrantLock();

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
    public UnixAddress localAddress() {
        return address;
    }

    /**
     * Has a program find this as its manager: sets {@code NOTIFY_SOCKET}. Do it after
     * {@link Spawn#environment(java.util.Map)}, which would replace the variable. What it starts itself inherits the variable,
     * and can send too.
     *
     * @param service what is to be started
     * @return such a description
     */
    public Spawn give(Spawn service) {
        return service.variable(NotifyAddress.VARIABLE, environmentValue);
    }

    /** {@return the address as the value of {@code NOTIFY_SOCKET}, for what {@link #give} cannot start} */
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
        Deadline deadline = new Deadline(timeout);
        if (takeTurn(deadline)) {
            try {
                do {
                    socket.setReceiveTimeout(deadline.timeout());
                    Notification notification = read(socket.receive(Fields.MOST_BYTES, ScmMessage.SCM_MAX_FDS));
                    if (notification != null) {
                        return notification;
                    }
                } while (!deadline.isOver());
            } catch (SocketTimeoutException e) {
                // It says how long the last of several waits was.
            } finally {
                turn.unlock();
            }
        }
        throw new SocketTimeoutException("no notification came within " + timeout);
    }

    /** Gives whether this thread may receive; as closing and interrupts have it for one that does. */
    private boolean takeTurn(Deadline deadline) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        try {
            if (!turn.tryLock(deadline.nanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new ClosedByInterruptException();
        }
        if (!isOpen()) {
            turn.unlock();
            throw new AsynchronousCloseException();
        }
        return true;
    }

    /**
     * Receives a notification if that goes without waiting, for example when a {@link dev.fdpass.Poller} says that this is
     * ready. It does not wait for one that waits either, but may take what that one is waiting for.
     *
     * @return the next one, to be closed; empty if there is none, or after 64 malformed ones
     * @throws IOException if it is closed
     */
    public Optional<Notification> tryReceive() throws IOException {
        for (int i = 0; i < MOST_SKIPPED; i++) {
            Optional<Received> received = socket.tryReceive(Fields.MOST_BYTES, ScmMessage.SCM_MAX_FDS);
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
        boolean isBarrier = Fields.SET.equals(fields.get(BARRIER));
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

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    /** Closes it and wakes threads that wait; removes its file. Further calls do nothing. */
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
