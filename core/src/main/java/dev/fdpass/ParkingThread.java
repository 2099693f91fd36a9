package dev.fdpass;

import dev.fdpass.linux.Epoll;
import dev.fdpass.linux.Errno;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that waits in the kernel for all virtual threads, so that they need not hold their carriers: an epoll
 * instance whose events it hands to the {@link Parking} of the descriptor. Started when it is needed, and gone, with
 * its descriptor, when nobody has waited for a while.
 *
 * <p>Who uses it counts itself in and out, as with a {@link Descriptor}, so that the epoll descriptor is never closed,
 * and its number reused, under someone's hands.
 */
final class ParkingThread implements Runnable {
    /** How long nobody waits before it ends. The property is there for tests, which compare the open descriptors. */
    private static final long IDLE_MILLIS = Math.max(1, Long.getLong("dev.fdpass.parkingIdleMillis", 2_000));

    private static final int EVENTS_AT_ONCE = 256;

    /** Added to {@link #users} when it takes no more; the bits below count those that are left. */
    private static final int ENDED = Integer.MIN_VALUE;

    private static volatile @Nullable ParkingThread current;

    private final Epoll epoll;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicInteger generations = new AtomicInteger();
    private final ConcurrentHashMap<Integer, Parking> registered = new ConcurrentHashMap<>();
    private volatile long lastUse = System.nanoTime();

    private ParkingThread(Epoll epoll) {
        this.epoll = epoll;
    }

    /** The thread, started if there is none; {@link #exit} must follow. Null if that is not possible now. */
    static @Nullable ParkingThread enter() {
        ParkingThread running = current;
        return running != null && running.tryEnter() ? running : start();
    }

    private static synchronized @Nullable ParkingThread start() {
        ParkingThread before = current;
        if (before != null && before.tryEnter()) {
            return before;
        }
        Epoll epoll = new Epoll(EVENTS_AT_ONCE);
        if (epoll.open() < 0) {
            return null; // EMFILE, most likely
        }
        try {
            ParkingThread started = new ParkingThread(epoll);
            Thread thread = Thread.ofPlatform()
                    .name("fdpass-parking")
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .unstarted(started);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader()); // not that of whoever came first
            thread.start();
            current = started;
            return started;
        } catch (OutOfMemoryError e) {
            epoll.close(); // no more threads are to be had
            return null;
        }
    }

    /** Counts the caller in, if this has not ended; {@link #exit} must follow. */
    boolean tryEnter() {
        if (users.getAndIncrement() < 0) {
            users.getAndDecrement();
            return false;
        }
        return true;
    }

    void exit() {
        lastUse = System.nanoTime();
        users.getAndDecrement();
    }

    /** Tells one arming of a registration from the others: an event of an earlier one, or of an earlier file, is stale. */
    int newGeneration() {
        return generations.incrementAndGet();
    }

    /** Registers a descriptor and arms it. The caller has entered, here and with the descriptor. */
    boolean add(int number, int events, int generation, Parking parking) {
        // If the number has another owner here, each believing that it is his alone, only the first one can park.
        if (registered.putIfAbsent(number, parking) != null) {
            return false;
        }
        boolean isAdded = false;
        try {
            isAdded = epoll.add(number, events | Epoll.EPOLLONESHOT, data(number, generation)) == 0;
        } finally {
            if (!isAdded) {
                registered.remove(number, parking); // EPERM: a file that is always ready, or ENOSPC, ENOMEM
            }
        }
        return isAdded;
    }

    /** Arms a registered descriptor. The caller has entered, here and with the descriptor. */
    boolean arm(int number, int events, int generation) {
        return epoll.change(number, events | Epoll.EPOLLONESHOT, data(number, generation)) == 0;
    }

    /** Ends a registration; nothing is to be done if this has ended. The number must still be open. */
    void remove(int number, Parking parking) {
        try {
            registered.remove(number, parking);
        } finally {
            if (tryEnter()) {
                epoll.remove(number);
                users.getAndDecrement();
            }
        }
    }

    private static long data(int number, int generation) {
        return (long) generation << 32 | number;
    }

    @Override
    public void run() {
        try {
            poll();
        } finally {
            try {
                if (users.get() >= 0) {
                    fail();
                }
            } finally {
                epoll.close();
            }
        }
    }

    /** Hands out events until nobody has waited for a while. */
    private void poll() {
        while (true) {
            long idle = users.get() > 0 ? 0 : (System.nanoTime() - lastUse) / 1_000_000;
            long count = epoll.await((int) Math.max(1, IDLE_MILLIS - idle));
            if (count < 0 && !Errno.EINTR.is(count)) {
                return;
            }
            for (int i = 0; i < count; i++) {
                long data = epoll.data(i);
                Parking parking = registered.get((int) data);
                if (parking != null) {
                    parking.ready((int) (data >>> 32), epoll.events(i));
                }
            }
            boolean isIdle = count == 0 && System.nanoTime() - lastUse >= IDLE_MILLIS * 1_000_000;
            if (isIdle && users.compareAndSet(0, ENDED)) {
                return;
            }
        }
    }

    /** Whatever went wrong: those that park now wait without this thread, and the next ones start another. */
    private void fail() {
        users.getAndAdd(ENDED);
        while (users.get() != ENDED) {
            try {
                for (Parking parking : registered.values()) {
                    parking.fail();
                }
            } catch (OutOfMemoryError e) {
                // again: nobody else wakes them
            }
            LockSupport.parkNanos(1_000_000); // for one that is about to be there
        }
    }
}
