package dev.fdpass;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.EventFds;
import dev.fdpass.linux.Poll;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One descriptor number, its users and its end. Closing refuses new users, wakes those that wait, and lets the last
 * one out close the number, once; so a number is never closed, and then reused by the kernel for another file, while
 * anyone is still in a call with it.
 *
 * <p>Waiting never blocks inside the operation itself: operations are tried without waiting, and {@link #await} polls
 * the descriptor together with a wake-up eventfd of its own; a virtual thread parks instead ({@link Parking}).
 * {@code shutdown(2)} would wake a blocked thread too, but
 * it would also end the connection for everybody with whom the open file description is shared.
 *
 * <p>Knows nothing of its owner, so that it can close what the owner forgot.
 */
final class Descriptor implements Runnable {
    static final long NEVER = Long.MAX_VALUE;

    /** Set in {@link #state} once closing has begun; the bits below {@link #DETACHED} count users. */
    private static final int CLOSED = 1 << 31;
    /** Set besides {@link #CLOSED} if the number was given away instead. */
    private static final int DETACHED = 1 << 30;

    /** Where no wake-up descriptor could be made, a waiting thread looks this often whether it was closed. */
    private static final long LOOK_AGAIN_NANOS = 50_000_000;

    /** How long a virtual thread leaves alone what it can only try again, at first and at most. */
    static final long FIRST_PAUSE_NANOS = 1_000_000;

    static final long LONGEST_PAUSE_NANOS = 16_000_000;

    private static final VarHandle STATE;
    private static final VarHandle FINISHING;

    static {
        ClosingAside.prepare();
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Descriptor.class, "state", int.class);
            FINISHING = lookup.findVarHandle(Descriptor.class, "finishing", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int number;
    private final Origin origin;

    private volatile int state;

    @SuppressWarnings("UnusedVariable") // through FINISHING
    private volatile boolean finishing;

    private volatile boolean finished;
    private volatile boolean isUnwanted;
    private volatile long closeResult;
    private volatile @Nullable Runnable beforeClose;
    private volatile int wake = -1;
    private volatile @Nullable Parking parking;
    private volatile @Nullable Watches watches;
    private volatile @Nullable Interruption interruption;
    private volatile @Nullable Turns accepting;

    Descriptor(int number, Origin origin) {
        this.number = number;
        this.origin = origin;
    }

    /** The number, for display: nothing keeps it from being closed meanwhile. */
    int number() {
        return number;
    }

    boolean isOpen() {
        return state >= 0;
    }

    /** Something to do once, just before the number is closed; not if it is detached. */
    void beforeClose(Runnable action) {
        beforeClose = action;
    }

    /**
     * Keeps the number open until {@link #release}.
     *
     * @return the number
     */
    int acquire() throws ClosedChannelException {
        if ((int) STATE.getAndAdd(this, 1) < 0) {
            release();
            throw new ClosedChannelException();
        }
        return number;
    }

    /** As {@link #acquire}, for what lets go of something, where there may be no memory for an exception. */
    boolean tryAcquire() {
        if ((int) STATE.getAndAdd(this, 1) < 0) {
            release();
            return false;
        }
        return true;
    }

    /** As {@link #acquire}, for an operation that may wait: an interrupted thread closes instead, as NIO channels do. */
    int acquireToWait() throws ClosedChannelException {
        int acquired = acquire();
        if (Thread.currentThread().isInterrupted()) {
            release();
            beginClose();
            throw new ClosedByInterruptException();
        }
        return acquired;
    }

    /**
     * Waits for a turn before {@link #acquire}; {@link Turns#end} must follow if it comes. Closing wakes the one whose turn
     * it is, and each of the others finds on its turn that it is closed.
     *
     * @return whether it came in time
     */
    boolean takeTurn(Turns turns, long timeout, long deadline) throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        try {
            if (!turns.begin(timeout, deadline)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            beginClose();
            throw new ClosedByInterruptException();
        }
        if (!isOpen()) {
            turns.end();
            throw new AsynchronousCloseException();
        }
        return true;
    }

    void release() {
        if ((int) STATE.getAndAdd(this, -1) - 1 == CLOSED) {
            finish();
        }
    }

    /**
     * Waits until one of {@code events} is there. The caller is a user.
     *
     * @param events {@code POLLIN}, {@code POLLOUT}; 0 to wait for nothing but the deadline
     * @param deadline of {@link System#nanoTime()}, or {@link #NEVER}
     * @return the events, {@code POLLERR} and {@code POLLHUP} among them; 0 when the deadline has passed
     */
    int await(int events, long deadline) throws IOException {
        Interruption blocked = interruption();
        blocked.begins();
        try {
            if (Thread.currentThread().isVirtual()) {
                int ready = parking().await(events, deadline);
                return ready == Parking.UNAVAILABLE ? lookAgainAndAgain(events, deadline) : ready;
            }
            return poll(events, deadline);
        } finally {
            blocked.ends();
        }
    }

    /** As {@link #await}, for what has not been tried: what is there already is found without the detour of waiting. */
    int lookThenAwait(int events, long deadline) throws IOException {
        long ready = Errors.check("ppoll", Poll.now(number, events));
        return ready > 0 ? (int) ready : await(events, deadline);
    }

    /**
     * For a virtual thread that cannot be told: in the kernel it would hold its carrier, which may be what the one needs who
     * is to do what it waits for.
     */
    private int lookAgainAndAgain(int events, long deadline) throws IOException {
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            long ready = Poll.now(number, events);
            if (ready < 0 && !Errno.EINTR.is(ready)) {
                throw Errors.of("ppoll", ready);
            }
            if (ready > 0 && isOpen()) {
                return (int) ready;
            }
            long now = System.nanoTime();
            if (deadline != NEVER && deadline - now <= 0 && isOpen()) {
                return 0;
            }
            long until = now + pause;
            int unused = parking().await(0, deadline == NEVER || until - deadline < 0 ? until : deadline);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private int poll(int events, long deadline) throws IOException {
        int wakeUp = wakeUpDescriptor();
        while (true) {
            if (!isOpen()) {
                throw new AsynchronousCloseException();
            }
            long left = deadline == NEVER ? -1 : Math.max(0, deadline - System.nanoTime());
            long slice = wakeUp >= 0 ? left : left < 0 ? LOOK_AGAIN_NANOS : Math.min(left, LOOK_AGAIN_NANOS);
            long ready = Poll.poll(events == 0 ? -1 : number, events, wakeUp, slice);
            if (ready < 0 && !Errno.EINTR.is(ready)) {
                throw Errors.of("ppoll", ready);
            }
            if (ready > 0 && isOpen()) {
                return (int) ready;
            }
            if (left == 0 && isOpen()) {
                return 0;
            }
        }
    }

    /** Closes the number, and waits until that is done, whoever began it. */
    void close() throws IOException {
        boolean isFirst = beginClose();
        if ((state & DETACHED) == 0) {
            awaitFinished();
        }
        if (isFirst && closeResult < 0 && !Errno.EINTR.is(closeResult)) {
            throw Errors.of("close " + number, closeResult);
        }
    }

    /** As {@link #beginClose}, but no caller waits for the file: see {@link ClosingAside}. */
    boolean beginCloseAside() {
        isUnwanted = true;
        return beginClose();
    }

    /** Refuses new users, wakes those that wait, and closes the number as soon as the last one is out. */
    boolean beginClose() {
        int before;
        do {
            before = state;
            if (before < 0) {
                return false;
            }
            // The closer is a user too until it has woken the others: the wake-up descriptor must outlive its write.
        } while (!STATE.compareAndSet(this, before, (before + 1) | CLOSED));
        try {
            try {
                endWatches(); // at once: a user may be in a long call
            } finally {
                if (before > 0) {
                    wakeThoseThatWait();
                }
            }
        } finally {
            release();
        }
        return true;
    }

    private void endWatches() {
        Watches known = watches;
        if (known != null) {
            known.endAll();
        }
    }

    private void wakeThoseThatWait() {
        try {
            if (wake >= 0) {
                EventFds.wake(wake);
            }
        } finally {
            Parking parked = parking;
            if (parked != null) {
                parked.wake();
            }
        }
    }

    private void awaitFinished() {
        boolean interrupted = false;
        synchronized (this) {
            while (!finished) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() {
        // A user that was refused passes here as well, perhaps long after the end.
        if (!FINISHING.compareAndSet(this, false, true)) {
            return;
        }
        // Whatever is thrown on the way, also for lack of memory: the number is closed, and who waits for that goes on.
        try {
            try {
                Runnable action = beforeClose;
                if (action != null) {
                    action.run();
                }
            } finally {
                endWaiting();
            }
        } finally {
            try {
                if (isUnwanted) {
                    ClosingAside.close(number, origin);
                } else {
                    closeResult = Descriptors.close(number);
                }
            } finally {
                endClosing();
            }
        }
    }

    private synchronized void endClosing() {
        finished = true;
        notifyAll();
    }

    /** Gives the number away: it is open, and nobody's here. */
    int detach() throws ClosedChannelException {
        if (!STATE.compareAndSet(this, 0, CLOSED | DETACHED)) {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            throw new IllegalStateException("descriptor " + number + " is in use by another thread; detach it when the"
                    + " operation is over, or close it");
        }
        endWatches();
        endWaiting();
        return number;
    }

    /** Lets go of what waiting needed; there are no more users. */
    private void endWaiting() {
        try {
            if (wake >= 0) {
                Descriptors.close(wake);
            }
        } finally {
            Parking parked = parking;
            if (parked != null) {
                parked.end();
            }
        }
    }

    /** The cleaner's call: the owner is gone. */
    @Override
    public void run() {
        if (beginCloseAside()) {
            origin.logForgotten("descriptor " + number);
        }
    }

    private int wakeUpDescriptor() {
        if (wake < 0) {
            synchronized (this) {
                if (wake < 0) {
                    wake = (int) EventFds.create(0, false);
                }
            }
        }
        return wake;
    }

    /** Turns at accepting, of all the objects that are views of this descriptor. */
    Turns accepting() {
        Turns known = accepting;
        if (known == null) {
            synchronized (this) {
                known = accepting;
                if (known == null) {
                    known = new Turns();
                    accepting = known;
                }
            }
        }
        return known;
    }

    private Parking parking() {
        Parking known = parking;
        if (known == null) {
            synchronized (this) {
                known = parking;
                if (known == null) {
                    known = new Parking(this);
                    parking = known;
                }
            }
        }
        return known;
    }

    /** Where this descriptor is registered with pollers. */
    synchronized Watches watches() {
        Watches known = watches == null ? new Watches(this) : watches;
        watches = known;
        return known;
    }

    private Interruption interruption() {
        Interruption known = interruption;
        if (known == null) {
            synchronized (this) {
                known = interruption;
                if (known == null) {
                    known = new Interruption(this::beginClose);
                    interruption = known;
                }
            }
        }
        return known;
    }
}
