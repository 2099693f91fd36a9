package dev.fdpass;

import dev.fdpass.linux.Descriptors;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Closes descriptors that nobody wants, on threads of its own: {@code close(2)} can wait as long as a hostile sender
 * likes. A file of a file system that the sender serves (FUSE) is closed once it has answered {@code FUSE_FLUSH}. Whoever
 * closes a TCP socket last waits for its {@code SO_LINGER}; and one that was in an epoll set of the sender, be it a pipe,
 * for what that set is waiting for, which may be such a file system again. So no kind is safe, and none is told apart.
 *
 * <p>One of these objects works for each {@link Origin}, which all that came over one socket share: a peer that makes
 * closing wait holds up the closing of nothing but what else it sent.
 *
 * <p>A number is its caller's until it stands among {@link #numbers}, and then a thread's that is there to close it; where
 * there is no room, no thread and no memory the caller closes it, and waits, rather than leave it open.
 */
final class ClosingAside implements Runnable {
    /** Of all together; who sends over so many sockets that these are used up makes his own readers wait. */
    private static final int MAX_THREADS = 64;

    /** More than one, because a peer may hand on what comes from others, some of them hostile. */
    static final int MAX_THREADS_OF_ONE = 4;

    /**
     * Of one, before the last that is handed over: these numbers are open, unlike those whose closing waits already. What two
     * messages can bring.
     */
    static final int MAX_WAITING = 512;

    /** How long a thread has nothing to do before it ends. */
    private static final long IDLE_NANOS = 2_000_000_000L;

    // Everything from here on is guarded by the class.
    private static final Map<Origin, ClosingAside> CLOSERS = new HashMap<>();
    private static int allThreads;

    private final Origin origin;
    private int[] numbers = new int[MAX_WAITING]; // grows before something is added: that itself cannot fail
    private int first;
    private int waiting;
    private int threads;
    private int idle;

    private ClosingAside(Origin origin) {
        this.origin = origin;
    }

    /**
     * Makes this class ready, before there is anything to close: without memory it could not be later, and what throws before
     * it begins closes nothing.
     */
    static void prepare() {}

    /**
     * {@link #close} of several, handed over as a whole, however many they are; {@code none} stands for one that is not to be
     * closed.
     */
    static void close(int[] numbers, int count, int none, Origin origin) {
        try {
            synchronized (ClosingAside.class) {
                ClosingAside closer = null;
                for (int i = 0; i < count; i++) {
                    if (numbers[i] == none) {
                        continue;
                    }
                    if (closer == null) {
                        closer = closerOf(origin);
                        if (closer == null) {
                            break;
                        }
                        closer.makeRoom(count - i);
                    }
                    closer.add(numbers[i]);
                    numbers[i] = none;
                }
            }
        } catch (OutOfMemoryError e) {
            // no memory, or no more threads are to be had
        } finally {
            for (int i = 0; i < count; i++) {
                int number = numbers[i];
                numbers[i] = none;
                if (number != none) {
                    Descriptors.close(number);
                }
            }
        }
    }

    /** Sees to it that a number is closed, once, whatever is thrown on the way; it is the caller's no longer. */
    static void close(int number, Origin origin) {
        boolean taken = false;
        try {
            taken = takeOver(number, origin);
        } catch (OutOfMemoryError e) {
            // no memory, or no more threads are to be had
        } finally {
            if (!taken) {
                Descriptors.close(number);
            }
        }
    }

    private static synchronized boolean takeOver(int number, Origin origin) {
        ClosingAside closer = closerOf(origin);
        if (closer != null) {
            closer.add(number);
        }
        return closer != null;
    }

    /** One that has room; null if there is none, and none is to be had. */
    private static @Nullable ClosingAside closerOf(Origin origin) {
        ClosingAside closer = CLOSERS.get(origin);
        if (closer == null) {
            return allThreads == MAX_THREADS ? null : start(origin);
        }
        return closer.waiting >= MAX_WAITING || closer.threads == 0 ? null : closer;
    }

    private void makeRoom(int more) {
        if (waiting + more > numbers.length) {
            int[] larger = new int[waiting + more];
            for (int i = 0; i < waiting; i++) {
                larger[i] = numbers[(first + i) % numbers.length];
            }
            numbers = larger;
            first = 0;
        }
    }

    /** There is room. */
    private void add(int number) {
        if (waiting >= idle && threads > 0 && threads < MAX_THREADS_OF_ONE && allThreads < MAX_THREADS) {
            startAnother();
        }
        ClosingAside.class.notifyAll(); // first: nothing can be thrown any more once the number is here
        numbers[(first + waiting) % numbers.length] = number;
        waiting++;
    }

    private static ClosingAside start(Origin origin) {
        ClosingAside closer = new ClosingAside(origin);
        try {
            CLOSERS.put(origin, closer);
            closer.startThread();
            return closer;
        } catch (Throwable t) {
            CLOSERS.remove(origin);
            throw t;
        }
    }

    private void startAnother() {
        try {
            startThread();
        } catch (OutOfMemoryError e) {
            // those that are there will come to it
        }
    }

    /** The caller has the lock, so that the thread begins to look when there is something to do. */
    private void startThread() {
        Thread thread = Thread.ofPlatform()
                .name("fdpass-closer")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader()); // not that of whoever came first
        thread.start();
        threads++;
        allThreads++;
    }

    @Override
    public void run() {
        boolean hasEnded = false;
        try {
            for (int number = next(); number >= 0; number = next()) {
                close(number);
            }
            hasEnded = true;
        } finally {
            if (!hasEnded) {
                endThread();
            }
        }
    }

    private static void close(int number) {
        try {
            Descriptors.close(number); // who would want to know of an error?
        } catch (RuntimeException | Error e) {
            // nor of what the JVM lacks; the others are still to be closed
        }
    }

    /** The next number, or -1 if this thread has ended. */
    private int next() {
        synchronized (ClosingAside.class) {
            long since = System.nanoTime();
            while (waiting == 0) {
                long left = IDLE_NANOS - (System.nanoTime() - since);
                if (left <= 0) {
                    endThread();
                    return -1;
                }
                await(left);
            }
            int number = numbers[first];
            first = (first + 1) % numbers.length;
            waiting--;
            return number;
        }
    }

    private void await(long nanos) {
        idle++;
        try {
            ClosingAside.class.wait(nanos / 1_000_000 + 1);
        } catch (InterruptedException e) {
            // by nobody who knows what this thread is for
        } finally {
            idle--;
        }
    }

    private void endThread() {
        synchronized (ClosingAside.class) {
            threads--;
            allThreads--;
            if (threads == 0 && waiting == 0) {
                CLOSERS.remove(origin);
            }
        }
    }
}
