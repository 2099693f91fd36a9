package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLERR;
import static dev.fdpass.linux.SocketConstants.POLLHUP;

import dev.fdpass.linux.Poll;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where virtual threads wait for one descriptor: parked, so that they do not hold their carriers, until the
 * {@link ParkingThread} has an event for them. Each is a user of the descriptor meanwhile, which therefore is open.
 *
 * <p>The descriptor is registered with the first wait and stays so until it is closed, disarmed when nobody waits.
 */
final class Parking {
    /** Instead of events: this descriptor cannot be waited for so, or not now. */
    static final int UNAVAILABLE = -1;

    private final Descriptor descriptor;
    private @Nullable Waiter waiters;
    /** Where the descriptor is registered, if that has not ended. */
    private @Nullable ParkingThread registrar;
    /** Of the last arming. */
    private int generation;

    /** One parked thread. */
    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        /** What it waits for; 0 if for the deadline alone. */
        final int events;
        /** What came of it, {@link #UNAVAILABLE} perhaps; set by whoever took this from the list. */
        volatile int ready;

        @Nullable
        Waiter next;

        Waiter(int events) {
            this.events = events;
        }
    }

    Parking(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** As {@link Descriptor#await}, for a virtual thread; or {@link #UNAVAILABLE}. */
    int await(int events, long deadline) throws AsynchronousCloseException {
        if (events == 0) {
            return await(new Waiter(0), null, deadline);
        }
        ParkingThread entered = ParkingThread.enter();
        if (entered == null) {
            return UNAVAILABLE;
        }
        try {
            return await(new Waiter(events), entered, deadline);
        } finally {
            entered.exit();
        }
    }

    private int await(Waiter waiter, @Nullable ParkingThread entered, long deadline) throws AsynchronousCloseException {
        try {
            return add(waiter, entered) ? park(waiter, deadline) : UNAVAILABLE;
        } finally {
            remove(waiter);
        }
    }

    private int park(Waiter waiter, long deadline) throws AsynchronousCloseException {
        while (true) {
            if (!descriptor.isOpen()) {
                throw new AsynchronousCloseException();
            }
            if (waiter.ready != 0) {
                return waiter.ready;
            }
            if (deadline == Descriptor.NEVER) {
                LockSupport.park(this);
            } else {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return lookOnce(waiter.events);
                }
                LockSupport.parkNanos(this, left);
            }
            if (Thread.currentThread().isInterrupted()) {
                descriptor.beginClose(); // as the interrupter is about to do; until then no thread could park
            }
        }
    }

    /** At the deadline: what is there counts, even if the parking thread has not said so yet. */
    private int lookOnce(int events) {
        return events == 0 ? 0 : (int) Math.max(0, Poll.now(descriptor.number(), events));
    }

    private synchronized boolean add(Waiter waiter, @Nullable ParkingThread entered) {
        waiter.next = waiters;
        waiters = waiter;
        // Even if it is armed for this already: what is reported then was there after this one began to wait.
        return entered == null || arm(entered);
    }

    /** Arms for what those on the list wait for. Under the lock, and one of them has entered {@code entered}. */
    private boolean arm(ParkingThread entered) {
        int wanted = 0;
        for (Waiter waiter = waiters; waiter != null; waiter = waiter.next) {
            wanted |= waiter.events;
        }
        int next = entered.newGeneration();
        boolean isArmed = registrar == entered
                ? entered.arm(descriptor.number(), wanted, next)
                : entered.add(descriptor.number(), wanted, next, this);
        if (isArmed) {
            registrar = entered;
            generation = next;
        }
        return isArmed;
    }

    private synchronized void remove(Waiter waiter) {
        if (waiters == waiter) {
            waiters = waiter.next;
            return;
        }
        for (Waiter each = waiters; each != null; each = each.next) {
            if (each.next == waiter) {
                each.next = waiter.next;
                return;
            }
        }
    }

    /** The parking thread's call: {@code events} are there, and nothing more is reported until it is armed again. */
    void ready(int armed, int events) {
        unpark(takeReady(armed, events));
    }

    private synchronized @Nullable Waiter takeReady(int armed, int events) {
        if (armed != generation) {
            return null; // armed anew since, so it is reported anew if it is still so
        }
        Waiter taken = take(null, events);
        if (waitForEvents() && (registrar == null || !armIfPossible(registrar))) {
            taken = take(taken, UNAVAILABLE);
        }
        return taken;
    }

    /** An error must not keep the parking thread from waking those that are ready. */
    private boolean armIfPossible(ParkingThread entered) {
        try {
            return arm(entered);
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** The parking thread's call, at its end: nobody may wait for it. */
    void fail() {
        Waiter taken;
        synchronized (this) {
            taken = take(null, UNAVAILABLE);
        }
        unpark(taken);
    }

    private boolean waitForEvents() {
        for (Waiter waiter = waiters; waiter != null; waiter = waiter.next) {
            if (waiter.events != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Moves those that {@code events} are for from the list to {@code taken}; {@link #UNAVAILABLE} is for all that wait
     * for any. Under the lock.
     */
    private @Nullable Waiter take(@Nullable Waiter taken, int events) {
        Waiter all = waiters;
        waiters = null;
        while (all != null) {
            Waiter waiter = all;
            all = waiter.next;
            int ready = waiter.events == 0
                    ? 0
                    : events == UNAVAILABLE ? UNAVAILABLE : events & (waiter.events | POLLERR | POLLHUP);
            if (ready == 0) {
                waiter.next = waiters;
                waiters = waiter;
            } else {
                waiter.ready = ready;
                waiter.next = taken;
                taken = waiter;
            }
        }
        return taken;
    }

    /** Wakes all, because the descriptor is closed. */
    void wake() {
        Waiter taken;
        synchronized (this) {
            taken = waiters;
            waiters = null;
        }
        unpark(taken);
    }

    /** Not under the lock: an interrupter has locked its thread when it comes here, and so may unparking. */
    private static void unpark(@Nullable Waiter taken) {
        for (Waiter waiter = taken; waiter != null; waiter = waiter.next) {
            LockSupport.unpark(waiter.thread);
        }
    }

    /**
     * Before the number is closed or given away, and when it has no more users: else the registration would live on with
     * the open file description, for instance in the process that it was sent to, and nobody could end it.
     */
    synchronized void end() {
        if (registrar != null) {
            registrar.remove(descriptor.number(), this);
            registrar = null;
        }
    }
}
