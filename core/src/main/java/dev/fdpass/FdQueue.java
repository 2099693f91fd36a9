package dev.fdpass;

import dev.fdpass.linux.SocketConstants;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;

/**
 * A first-in, first-out queue of received descriptors, which owns them without making an object of each. It is for protocols
 * that say themselves which descriptors belong to which message: what a receive brought goes into one queue, and from there,
 * so many at a time, into the queue of each message, which hands them out.
 *
 * <pre>{@code
 * pending.addAll(message);                  // what a receive brought
 * fdsOfRequest.addAll(pending, 2);          // the request says that two are its own
 * OwnedFd file = fdsOfRequest.takeFd(0);    // now yours to close
 * }</pre>
 *
 * <p>It grows as needed; moving descriptors allocates nothing once it has grown. What nobody took is closed by {@link #clear}
 * and {@link #close}, and by a cleaner if it is forgotten, with a warning to the {@code dev.fdpass} logger.
 *
 * <p>For one thread at a time; a second one gets an {@link IllegalStateException} and never somebody else's descriptor.
 */
public final class FdQueue implements AutoCloseable {
    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSED = 2;

    private static final VarHandle STATE;

    /**
     * {@link HeldFds#closeAll()}, and no constant, which the compiler would inline: it begins anew there, and so always has
     * within its reach everything down to the system call, whatever it has inlined above. Else each call could make an object.
     */
    @SuppressWarnings("FieldCanBeFinal")
    private static MethodHandle closeAll;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(FdQueue.class, "state", int.class);
            closeAll = lookup.findVirtual(HeldFds.class, "closeAll", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final HeldFds held;
    private final Cleaner.Cleanable cleanable;

    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state = IDLE;

    private FdQueue(int capacity) {
        // Automatic, like the memory of a message, and of its own: borrowing some for each call is dearer.
        MemorySegment errno = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        held = new HeldFds(capacity, new Origin("received", "nothing"), errno);
        cleanable = Forgotten.watch(this, held);
    }

    /**
     * An empty queue.
     *
     * @param capacity descriptors that it has room for without growing, 0 or more
     * @return the queue
     */
    public static FdQueue allocate(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("room for " + capacity + " descriptors; give 0 or more, such as "
                    + SocketConstants.SCM_MAX_FD + ", what one message can bring");
        }
        return new FdQueue(capacity);
    }

    /**
     * Takes all descriptors that a message received and nobody took out of it, to the end of this queue. It has received none
     * then ({@link ScmMessage#fdCount} is 0).
     *
     * @param message what received them
     * @return how many there were
     * @throws IllegalStateException if one of the two is closed or in use by another thread; nothing has moved
     */
    public int addAll(ScmMessage message) {
        enter();
        try {
            NativeMessage content = message.enter();
            try {
                return held.append(content.held(), Integer.MAX_VALUE);
            } finally {
                message.exit();
            }
        } finally {
            exit();
        }
    }

    /**
     * Takes the first descriptors of another queue that nobody took out of it, to the end of this one.
     *
     * @param other where from; those that it keeps move up
     * @param limit how many at most, 0 or more
     * @return how many there were
     * @throws IllegalStateException if one of the two is closed or in use by another thread; nothing has moved
     */
    public int addAll(FdQueue other, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("at most " + limit + " descriptors; give 0 or more");
        }
        enter();
        try {
            other.enter(); // refuses this queue itself: it is in use
            try {
                return held.append(other.held, limit);
            } finally {
                other.exit();
            }
        } finally {
            exit();
        }
    }

    /** {@return descriptors that came in since the last {@link #clear}, those taken since included} */
    public int count() {
        return held.count();
    }

    /**
     * Takes a descriptor out of the queue: it is the caller's to close now. The others keep their places.
     *
     * @param index from 0, in the order in which they came
     * @return its owner
     * @throws IndexOutOfBoundsException if there are not so many
     * @throws IllegalStateException if it was taken already
     */
    public OwnedFd takeFd(int index) {
        enter();
        try {
            return held.take(index);
        } finally {
            exit();
        }
    }

    /**
     * Takes a descriptor out of the queue if it is what is expected; else it is closed.
     *
     * @param index from 0, in the order in which they came
     * @param expected what it must be
     * @return its owner
     * @throws RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(int index, Expect expected) throws IOException {
        return expected.orClose(takeFd(index));
    }

    /**
     * Takes all descriptors if they are what is expected, each in its place, and no more came; else all are closed.
     *
     * @param expected what they must be, in the order in which they came; none to expect none
     * @return their owners
     * @throws RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        enter();
        try {
            return Expect.takeExactly(held, false, expected);
        } finally {
            exit();
        }
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they came; each is the caller's to close
     */
    public List<OwnedFd> takeFds() {
        enter();
        try {
            return held.takeAll();
        } finally {
            exit();
        }
    }

    /** Closes what nobody took, and forgets what was taken. */
    public void clear() {
        enter();
        try {
            closeAll();
        } finally {
            exit();
        }
    }

    private void closeAll() {
        try {
            closeAll.invokeExact(held);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t); // nothing else is declared
        }
    }

    /** As {@link #clear}, without waiting until it is done: see {@link OwnedFd#closeAside}. For what a stranger sent. */
    public void clearAside() {
        enter();
        try {
            held.closeAside();
        } finally {
            exit();
        }
    }

    /**
     * Closes what nobody took. Using the queue afterwards throws {@link IllegalStateException}; further calls do nothing.
     *
     * @throws IllegalStateException if another thread uses it at this moment
     */
    @Override
    public void close() {
        if (state == CLOSED) {
            return;
        }
        enter();
        try {
            held.closeAll();
        } finally {
            state = CLOSED;
            cleanable.clean();
        }
    }

    private void enter() {
        if (!STATE.compareAndSet(this, IDLE, BUSY)) {
            throw new IllegalStateException(
                    state == CLOSED
                            ? "the queue is closed; allocate another"
                            : "the queue is in use by another thread; use one queue per thread");
        }
    }

    private void exit() {
        try {
            STATE.setRelease(this, IDLE);
        } finally {
            // Its descriptors must not be mistaken for forgotten ones while it was in use.
            Reference.reachabilityFence(this);
        }
    }
}
