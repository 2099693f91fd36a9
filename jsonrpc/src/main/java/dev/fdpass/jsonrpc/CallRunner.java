package dev.fdpass.jsonrpc;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of one connection, so many at a time, in the order in which they came; the others wait, so many. Both together have
 * so many bytes: as a tree a message takes many times what it had on the way.
 */
final class CallRunner {
    private final int maxRunning;
    private final int maxWaiting;
    private final long maxBytes;
    private final Consumer<Call> handler;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Call> waiting = new ArrayDeque<>();
    private int running;
    /** Of the messages of all that run or wait. */
    private long bytes;
    /** Requests of this end whose answers are due, and must be received whatever else is going on. */
    private int outstanding;

    private boolean isEnded;

    CallRunner(JsonRpcOptions options, Consumer<Call> handler) {
        maxRunning = options.maxRunningCalls();
        maxWaiting = options.maxWaitingCalls();
        maxBytes = options.maxCallBytes();
        this.handler = handler;
    }

    /** Waits until something may be received: there is room for a call, or an answer is due, or all is over. */
    void awaitRoom() {
        lock.lock();
        try {
            while (isFull() && outstanding == 0 && !isEnded) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Not if nothing runs, however large a message is: so whoever waits for room gets it. */
    private boolean isFull() {
        return bytes >= maxBytes || (running == maxRunning && waiting.size() >= maxWaiting);
    }

    void requestBegins() {
        changeOutstanding(1);
    }

    void requestEnds() {
        changeOutstanding(-1);
    }

    private void changeOutstanding(int by) {
        lock.lock();
        try {
            outstanding += by;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has a call handled; from then on it is the runner's to end.
     *
     * @return whether there was room for it
     */
    boolean submit(Call call) {
        lock.lock();
        try {
            if (isEnded || isFull()) {
                return false;
            }
            if (running == maxRunning) {
                waiting.add(call);
                bytes += call.bytes();
                return true;
            }
            running++;
            boolean isStarted = false;
            try {
                Thread unused = Thread.ofVirtual().name("fdpass-jsonrpc-call").start(() -> run(call));
                isStarted = true;
                bytes += call.bytes();
            } finally {
                if (!isStarted) {
                    running--;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run(Call first) {
        Call call = first;
        while (call != null) {
            try {
                handler.accept(call);
            } catch (Throwable t) {
                // The handler has said what there is to say; other calls must go on.
            } finally {
                call.end();
            }
            call = next(call.bytes());
        }
    }

    /** The next one, now that one of so many bytes is done. */
    private @Nullable Call next(int done) {
        lock.lock();
        try {
            bytes -= done;
            Call next = waiting.poll();
            if (next == null) {
                running--;
            }
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Drops calls that wait, and takes no more. */
    void end() {
        Queue<Call> dropped;
        lock.lock();
        try {
            isEnded = true;
            dropped = new ArrayDeque<>(waiting);
            waiting.clear();
            dropped.forEach(call -> bytes -= call.bytes());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        dropped.forEach(Call::end);
    }

    /** Waits until nothing runs and nothing waits. */
    void awaitIdle() {
        lock.lock();
        try {
            while (running > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
