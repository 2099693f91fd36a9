package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;

import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.Epoll;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.EventFds;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Waits for many descriptors at once, on one thread: sockets, listeners, {@link EventFd}s, {@link PidFd}s, pipes and
 * whatever else can be waited for.
 *
 * <pre>{@code
 * try (Poller<Task> poller = Poller.open()) {
 *     poller.register(listener, Interest.READ, this::acceptOne);
 *     while (true) {
 *         int count = poller.await();
 *         for (int i = 0; i < count; i++) {
 *             poller.ready(i).attachment().run();        // which tries: tryAccept, tryReceive, trySend
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A descriptor that is ready is reported by every await for as long as it is (level-triggered). To wait, to be told and
 * to change an interest allocates nothing. With virtual threads none of this is needed: each waits on its own socket.
 *
 * <p>Closing a registered descriptor ends its registration, and so does giving it away; it is never reported again,
 * although the open file may live on elsewhere, nor is another one that gets its number taken for it. What is registered is
 * kept reachable by the poller, and closed by nobody but its owner.
 *
 * <p>One thread at a time awaits and looks at what is ready. Any thread may register, change and cancel registrations,
 * also while one awaits, {@linkplain #wakeUp wake} it up, and {@link #close} ({@link
 * java.nio.channels.AsynchronousCloseException}). Interrupting the one that awaits closes the poller, not what is
 * registered ({@link java.nio.channels.ClosedByInterruptException}), as with every channel, and unlike a
 * {@link java.nio.channels.Selector}. Once closed, it throws {@link ClosedChannelException}. A virtual thread parks while it
 * awaits, for which a little memory is allocated.
 *
 * <p>The kernel asks a file itself whether it is ready, and one of a FUSE file system can make it wait, and with it whoever
 * awaits, registers or closes anything that is registered here. So look at what a stranger sent ({@link Expect}) before
 * registering it. Man page: {@code epoll(7)}.
 *
 * @param <A> the type of what is attached to registrations
 */
public final class Poller<A> implements AutoCloseable {
    /** Most registrations that one await reports, unless something else was said: {@value}. */
    public static final int DEFAULT_MAX_READY = 1024;

    private static final int MOST_MAX_READY = 1 << 20;

    /** Comes back with the wake-up descriptor; no slot has this number. */
    private static final long WAKE_UP = -1;

    private final Epoll epoll;
    private final OwnedFd fd;
    private final OwnedFd wakeUp;
    private final EpollInstance instance;
    private final Slots<A> slots = new Slots<>();
    private final List<Registration<A>> ready;

    /** Whether the wake-up descriptor was written to since an await last ended by it. */
    private final AtomicBoolean isAwakened = new AtomicBoolean();

    private final AtomicBoolean isAwaiting = new AtomicBoolean();

    private Poller(Epoll epoll, int maxReady, OwnedFd fd, OwnedFd wakeUp) {
        this.epoll = epoll;
        this.fd = fd;
        this.wakeUp = wakeUp;
        instance = new EpollInstance(epoll, fd.descriptor());
        ready = new ArrayList<>(maxReady);
    }

    /**
     * A poller without registrations.
     *
     * @param <A> the type of what is attached to registrations
     * @return the poller, which holds two descriptors, and a third once somebody has waited
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static <A> Poller<A> open() throws IOException {
        return open(DEFAULT_MAX_READY);
    }

    /**
     * A poller without registrations.
     *
     * @param maxReady most registrations that one await reports, 1 to 1048576, of which each takes 12 to 16 bytes; the next
     *     await goes on with the others
     * @param <A> the type of what is attached to registrations
     * @return the poller, which holds two descriptors, and a third once somebody has waited
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static <A> Poller<A> open(int maxReady) throws IOException {
        if (maxReady < 1 || maxReady > MOST_MAX_READY) {
            throw new IllegalArgumentException("at most " + maxReady + " ready at once; give 1 to " + MOST_MAX_READY);
        }
        Epoll epoll = new Epoll(maxReady);
        int number = (int) Errors.check("epoll_create1", epoll.open());
        OwnedFd fd = OwnedFd.ofNew(number, "created as", "a poller");
        try {
            return open(epoll, maxReady, fd);
        } catch (Throwable t) {
            fd.closeBecauseOf(t);
            throw t;
        }
    }

    private static <A> Poller<A> open(Epoll epoll, int maxReady, OwnedFd fd) throws IOException {
        int number = (int) Errors.check("eventfd", EventFds.create(0, false));
        OwnedFd wakeUp = OwnedFd.ofNew(number, "created to wake up", "a poller");
        try {
            // Reported once for each write, and so never read.
            Errors.check("epoll_ctl " + number, epoll.add(number, POLLIN | Epoll.EPOLLET, WAKE_UP));
            return new Poller<>(epoll, maxReady, fd, wakeUp);
        } catch (Throwable t) {
            wakeUp.closeBecauseOf(t);
            throw t;
        }
    }

    /**
     * Waits for a descriptor from now on, also in an await that is going on.
     *
     * @param fd what to wait for; it stays yours, and open
     * @param interest what for
     * @param attachment what comes back when it is ready, for instance {@code fd} itself
     * @return the registration
     * @throws IllegalStateException if it is registered with this poller already
     * @throws IllegalArgumentException if it cannot be waited for: a file on a disk, or a directory. With
     *     {@link Interest#NONE} that shows only when the interest changes
     * @throws ClosedChannelException if it, or the poller, is closed
     * @throws IOException if the system refuses ({@code ENOMEM}; {@code ENOSPC}, see
     *     {@code /proc/sys/fs/epoll/max_user_watches})
     */
    public Registration<A> register(AsFd fd, Interest interest, A attachment) throws IOException {
        Objects.requireNonNull(interest, "interest");
        Objects.requireNonNull(attachment, "attachment");
        Watches watches = fd.asFd().descriptor().watches();
        @Nullable
        Registration<A> registration = slots.add(
                data -> new Registration<>(fd, attachment, watches, new Watch(instance, data, interest)),
                instance.takeEnded());
        if (registration == null) {
            throw new ClosedChannelException();
        }
        boolean isRegistered = false;
        try {
            registration.begin();
            isRegistered = true;
            return registration;
        } finally {
            if (!isRegistered) {
                slots.release(registration.data());
            }
        }
    }

    /**
     * Waits until something is ready.
     *
     * @return how many registrations are, see {@link #ready}; 0 after {@link #wakeUp}
     * @throws IllegalStateException if another thread awaits
     * @throws ClosedChannelException if this is closed ({@link java.nio.channels.AsynchronousCloseException} if that happened
     *     meanwhile)
     * @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes it
     * @throws IOException if the system refuses
     */
    public int await() throws IOException {
        return await(Exchange.FOREVER);
    }

    /**
     * Waits until something is ready.
     *
     * @param timeout how long at most; zero, or more than a hundred years, for as long as it takes; not negative
     * @return how many registrations are, see {@link #ready}; 0 when the time is over or after {@link #wakeUp}
     * @throws IllegalStateException if another thread awaits
     * @throws ClosedChannelException if this is closed ({@link java.nio.channels.AsynchronousCloseException} if that happened
     *     meanwhile)
     * @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes it
     * @throws IOException if the system refuses
     */
    public int await(Duration timeout) throws IOException {
        return await(Timeouts.nanos(timeout));
    }

    /**
     * Looks what is ready, without waiting.
     *
     * @return how many registrations are, see {@link #ready}
     * @throws IllegalStateException if another thread awaits
     * @throws ClosedChannelException if this is closed ({@link java.nio.channels.AsynchronousCloseException} if that happened
     *     meanwhile)
     * @throws java.nio.channels.ClosedByInterruptException if this thread is interrupted, which closes it
     * @throws IOException if the system refuses
     */
    public int tryAwait() throws IOException {
        return await(Exchange.TRY);
    }

    private int await(long timeout) throws IOException {
        if (!isAwaiting.compareAndSet(false, true)) {
            throw new IllegalStateException("another thread awaits; use one poller per thread");
        }
        try {
            forgetReady();
            Descriptor descriptor = fd.descriptor();
            int unused = timeout == Exchange.TRY ? descriptor.acquire() : descriptor.acquireToWait();
            try {
                return await(descriptor, timeout);
            } finally {
                fd.release();
            }
        } finally {
            isAwaiting.set(false);
        }
    }

    private int await(Descriptor descriptor, long timeout) throws IOException {
        long deadline = 0;
        while (true) {
            boolean isWoken = report(fetch());
            if (!ready.isEmpty() || isWoken || timeout == Exchange.TRY) {
                return ready.size();
            }
            // Also where epoll goes on to report what nobody wants, as a number that other code has closed.
            if (deadline != 0 && deadline != Descriptor.NEVER && System.nanoTime() - deadline >= 0) {
                return 0;
            }
            deadline = deadline == 0 ? Exchange.deadline(timeout) : deadline;
            // An epoll instance is readable when something in it is ready. So this waits as all else here does: closing
            // and interrupts are heard, and a virtual thread parks.
            if (descriptor.await(POLLIN, deadline) == 0) {
                return 0;
            }
        }
    }

    private int fetch() throws IOException {
        long count;
        do {
            count = epoll.await(0);
        } while (Errno.EINTR.is(count));
        return (int) Errors.check("epoll_pwait", count);
    }

    /** Whether what was fetched says to return at once. */
    private boolean report(int count) {
        boolean isWoken = false;
        synchronized (slots) {
            slots.release(instance.takeEnded());
            for (int i = 0; i < count; i++) {
                long data = epoll.data(i);
                if (data == WAKE_UP) {
                    isWoken = true;
                    continue;
                }
                Registration<A> registration = slots.get(data);
                if (registration != null && registration.report(epoll.events(i))) {
                    ready.add(registration);
                }
            }
        }
        // Whoever finds it set until now need not write: this await ends after that.
        return isWoken && isAwakened.getAndSet(false);
    }

    private void forgetReady() {
        for (int i = 0; i < ready.size(); i++) {
            ready.get(i).forgetReport();
        }
        ready.clear();
    }

    /**
     * One of those that the last await found ready, whichever thread awaited. For one thread, before the next await begins,
     * which forgets them. It may have ended since, if its descriptor was closed meanwhile; then it is neither readable nor
     * writable.
     *
     * @param index from 0
     * @return the registration
     * @throws IndexOutOfBoundsException if there were not so many
     */
    public Registration<A> ready(int index) {
        return ready.get(index);
    }

    /**
     * Makes the await that is going on return, or else the next one. Several calls before that are as one. On a closed
     * poller it does nothing.
     */
    public void wakeUp() {
        if (isAwakened.getAndSet(true)) {
            return;
        }
        boolean isDone = false;
        try {
            if (wakeUp.descriptor().tryAcquire()) { // else nobody awaits, or he is told so
                try {
                    EventFds.wake(wakeUp.number());
                } finally {
                    wakeUp.release();
                }
            }
            isDone = true;
        } finally {
            if (!isDone) {
                isAwakened.set(false); // or the next one would rely on this one
            }
        }
    }

    /** {@return whether it is not closed} */
    public boolean isOpen() {
        return fd.isOpen();
    }

    /**
     * Closes the poller and ends its registrations; what was registered stays open. A thread that awaits is woken. Further
     * calls do nothing.
     *
     * @throws IOException if {@code close(2)} reports an error; it is closed nevertheless
     */
    @Override
    public void close() throws IOException {
        try {
            fd.close();
        } finally {
            try {
                wakeUp.close();
            } finally {
                for (Registration<A> registration : slots.close()) {
                    if (registration != null) {
                        registration.cancel();
                    }
                }
            }
        }
    }

    @Override
    public String toString() {
        return "Poller[fd " + fd.number() + (isOpen() ? "]" : ", closed]");
    }
}
